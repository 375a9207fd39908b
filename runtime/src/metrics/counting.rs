//! Whether something is counted, and who shows it.

use super::{
    exporter::Exporter,
    listener::{Looked, MetricsError, look_now_and_then, show},
};
use crate::{app::AppState, config::Metrics, health::Readiness};
use std::{net::SocketAddr, sync::Arc};
use tokio::task::JoinSet;

/// Whether something is counted, and by whom.
pub(crate) enum Counting {
    /// Nothing is: the settings say so.
    Nothing,
    /// Our recorder counts.
    Ours(Exporter),
    /// The program has a recorder of its own, which counts and shows.
    Theirs,
}

/// What shows it, until this is dropped.
pub(crate) struct Showing {
    address: Option<SocketAddr>,
    looked: Looked,
    _tasks: JoinSet<()>,
}

impl Counting {
    /// Begins to count, for the whole process. Before everything that makes handles: those that are there already count
    /// nothing.
    pub fn start(settings: &Metrics) -> Self {
        if !settings.enabled {
            return Self::Nothing;
        }
        match Exporter::install() {
            Some(exporter) => Self::Ours(exporter),
            None => {
                tracing::info!(
                    "this program counts with a recorder of its own: metrics.host and metrics.port are not used"
                );
                Self::Theirs
            }
        }
    }

    /// Takes the address at which metrics are shown, and shows them there; and whether the server works.
    ///
    /// # Errors
    /// Where the address cannot be had.
    pub async fn show(self, settings: &Metrics, readiness: &Arc<Readiness>) -> Result<Showing, MetricsError> {
        let looked = Looked::default();
        let (address, tasks) = match self {
            Self::Nothing => (None, JoinSet::new()),
            Self::Ours(exporter) => {
                let (address, tasks) = show(settings, exporter, readiness.clone(), looked.clone()).await?;
                (Some(address), tasks)
            }
            Self::Theirs => (None, look_now_and_then(looked.clone())),
        };
        Ok(Showing { address, looked, _tasks: tasks })
    }
}

impl Showing {
    /// Where metrics are shown, if it is here.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// The application is there: what it has is shown as well.
    pub fn looks_at(&self, app: &Arc<AppState>) {
        self.looked.is(app);
    }
}
