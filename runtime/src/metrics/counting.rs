//! Whether something is counted, and who shows it.

use super::{
    exporter::Exporter,
    listener::{MetricsError, MetricsListener, look_now_and_then},
};
use crate::{app::AppState, config::Metrics};
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

/// The same, with the address at which it is shown.
pub(crate) enum Showing {
    Nothing,
    Ours(MetricsListener),
    Theirs,
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

    /// Takes the address at which metrics are shown.
    ///
    /// # Errors
    /// Where the address cannot be had.
    pub async fn listen(self, settings: &Metrics) -> Result<Showing, MetricsError> {
        Ok(match self {
            Self::Nothing => Showing::Nothing,
            Self::Ours(exporter) => Showing::Ours(MetricsListener::bind(settings, exporter).await?),
            Self::Theirs => Showing::Theirs,
        })
    }
}

impl Showing {
    /// Where metrics are shown.
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Ours(listener) => Some(listener.address()),
            Self::Nothing | Self::Theirs => None,
        }
    }

    /// Shows how this application is, until the result is dropped.
    #[must_use]
    pub fn serve(self, app: &Arc<AppState>) -> JoinSet<()> {
        match self {
            Self::Nothing => JoinSet::new(),
            Self::Ours(listener) => listener.serve(app),
            Self::Theirs => look_now_and_then(app),
        }
    }
}
