//! Turns panics and missed deadlines into errors.

use crate::error::{Code, Error};
use futures_util::FutureExt;
use std::{any::Any, panic::AssertUnwindSafe, time::Duration};

/// Runs `work` for at most `time`. A panic becomes [`Code::Internal`], a missed deadline [`Code::Timeout`]; `work` is
/// dropped at its next await, and a panic while it is dropped is caught, too.
pub(crate) async fn guarded<T>(time: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let timed = async move { tokio::time::timeout(time, work).await };
    // what a panicking handler leaves behind is dropped with it: contexts are not used again but for the answer
    match AssertUnwindSafe(timed).catch_unwind().await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Code::Timeout.into()),
        Err(panic) => Err(Error::new(Code::Internal).with_cause(Panic::from_payload(panic.as_ref()))),
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

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test(start_paused = true)]
    async fn a_missed_deadline_is_a_timeout() {
        let work = async {
            tokio::time::sleep(LONG).await;
            Ok(())
        };
        let error = guarded(Duration::from_secs(1), work).await.unwrap_err();
        assert!(error.is(Code::Timeout));
    }

    #[tokio::test]
    async fn a_panic_is_internal_and_its_message_is_for_the_log_only() {
        let work = async { if std::hint::black_box(true) { panic!("the secret is {}", 42) } else { Ok(()) } };
        let error = guarded(LONG, work).await.unwrap_err();
        assert!(error.is(Code::Internal));
        assert!(!error.message().contains("42"));
        assert_eq!(error.cause().unwrap().to_string(), "the handler panicked: the secret is 42");
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_of_what_is_thrown_away_is_caught() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                assert!(std::hint::black_box(false), "the bomb went off");
            }
        }
        let work = async {
            let _bomb = Bomb;
            tokio::time::sleep(LONG).await;
            Ok(())
        };
        assert!(guarded(Duration::from_secs(1), work).await.unwrap_err().is(Code::Internal));
    }

    #[tokio::test]
    async fn what_went_well_is_passed_on() {
        assert_eq!(guarded(LONG, async { Ok(7) }).await.unwrap(), 7);
    }
}
