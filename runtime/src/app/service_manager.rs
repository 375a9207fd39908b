//! What started this process and looks after it, where that is systemd with `Type=notify` (`sd_notify(3)`).
//!
//! It is told when clients are served and when that ends, and as often as it asks for (`WatchdogSec=`) that tasks still run.
//! Where nobody asked (`NOTIFY_SOCKET` is not set), nobody is told.

use sd_notify::NotifyState;
use std::{net::SocketAddr, time::Duration};
use tokio::task::AbortHandle;

/// Says that clients are served. Tasks count as stuck unless it hears of them again and again, until this is dropped.
pub(super) fn ready(scheme: &str, address: SocketAddr) -> Watched {
    tell(&[NotifyState::Ready, NotifyState::Status(&format!("serving on {scheme}://{address}"))]);
    Watched(sd_notify::watchdog_enabled().map(|limit| tokio::spawn(keep_alive(limit)).abort_handle()))
}

/// Says that no new work is taken.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("finishing what was accepted")]);
}

/// That the service manager hears that tasks run. It no longer expects that while the process stops.
pub(super) struct Watched(Option<AbortHandle>);

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

/// Says so twice in each period, as `sd_watchdog_enabled(3)` advises. A task of its own, so that it says that tasks run.
async fn keep_alive(limit: Duration) {
    let mut due = tokio::time::interval((limit / 2).max(Duration::from_millis(1)));
    loop {
        due.tick().await;
        tell(&[NotifyState::Watchdog]);
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager cannot be told how this process is");
    }
}
