//! Tells the log and the metrics what became of a reload.

use super::Reloaded;
use crate::{
    app::error::Obstacle,
    metrics::{RELOADED, RELOADS},
};
use std::time::{SystemTime, UNIX_EPOCH};

const CHANGED: &str = "changed";
const UNCHANGED: &str = "unchanged";
const REFUSED: &str = "refused";

/// The moment at which the settings in use were read is known from the start on, and every outcome is, so that the first one
/// is seen to be more than before.
pub(super) fn started() {
    succeeded_now();
    for outcome in [CHANGED, UNCHANGED, REFUSED] {
        metrics::counter!(RELOADS, "outcome" => outcome).increment(0);
    }
}

/// Tells what became of a reload: each setting with its values, what needs a restart, and how it ended, in this order.
///
/// What was not asked for and changed nothing, such as a file that was written anew as it was, is told at `debug`.
pub(super) fn tell(outcome: &Result<Reloaded, Obstacle>, asked: bool) {
    let word = match outcome {
        Ok(Reloaded { changes, waiting }) => {
            for change in changes {
                tracing::info!("changed: {change}");
            }
            for change in waiting {
                tracing::warn!("needs a restart: {change}");
            }
            succeeded_now();
            match changes.len() {
                0 if asked => tracing::info!("reloaded: nothing changed"),
                0 => tracing::debug!("reloaded: nothing changed"),
                1 => tracing::info!("reloaded: 1 setting changed"),
                count => tracing::info!("reloaded: {count} settings changed"),
            }
            if changes.is_empty() { UNCHANGED } else { CHANGED }
        }
        Err(obstacle) => {
            // what is told at once would be one line, and cut where it is long
            for line in format!("not reloaded: {obstacle}").lines() {
                tracing::error!("{line}");
            }
            tracing::error!("everything stays as it was");
            REFUSED
        }
    };
    metrics::counter!(RELOADS, "outcome" => word).increment(1);
}

fn succeeded_now() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    metrics::gauge!(RELOADED).set(now.as_secs_f64());
}
