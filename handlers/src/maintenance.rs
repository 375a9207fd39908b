//! Read-only times: `app.documents.read_only = true`.

use crate::{error::DocumentError, settings::Settings};
use lambdio::{Live, prelude::*};

/// The events that change nothing.
const READING: [&str; 6] = ["list", "open", "close", "cursor", "sharing", "auth:renew"];

/// Stands around every event: while documents can only be read, nothing else is served.
#[middleware(event, namespace = "/documents", order = 10)]
async fn only_reading(
    event: EventName,
    settings: Provided<Live<Settings>>,
    next: Next,
) -> Result<Reply, lambdio::Error> {
    if settings.get().read_only && !READING.contains(&event.as_str()) {
        return Err(DocumentError::Maintenance.into_error());
    }
    next.run().await
}
