//! Turns panics and missed deadlines into errors.

use crate::error::{Code, Error};
use futures_util::FutureExt;
use std::{any::Any, panic::AssertUnwindSafe, time::Duration};

/// Runs `work` for at most `time`. A panic becomes [`Code::Internal`], a missed deadline [`Code::Timeout`]; `work` is
/// dropped at its next await.
pub(crate) async fn guarded<T>(time: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    // what a panicking handler leaves behind is dropped with it: contexts are not used again but for the answer
    let caught = AssertUnwindSafe(work).catch_unwind();
    match tokio::time::timeout(time, caught).await {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => Err(Error::new(Code::Internal).caused_by(Panic::from_payload(panic.as_ref()))),
        Err(_) => Err(Code::Timeout.into()),
    }
}

/// A caught panic, for the log.
#[derive(Debug, thiserror::Error)]
#[error("the handler panicked: {0}")]
struct Panic(String);

impl Panic {
    fn from_payload(payload: &(dyn Any + Send)) -> Self {
        let message = payload
            .downcast_ref::<&str>()
            .map(|message| (*message).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        Self(message.unwrap_or_else(|| "(no message)".to_owned()))
    }
}
