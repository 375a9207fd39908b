//! How a test ends early: with a failure at a place in the test, or because something is not installed.

use crate::PATIENCE;
use std::{
    any::Any,
    cell::RefCell,
    panic::{self, Location},
    time::Duration,
};
use tokio::time::Instant;

/// A place in a test.
pub(crate) type Place = &'static Location<'static>;

/// Thrown by what a test calls, so that the place in the test is known and not the place in here.
struct Failure(String);

/// Thrown where a test cannot run here.
struct Missing(String);

/// How a test ended early.
pub(crate) enum Early {
    Failed(String),
    Missing(String),
}

thread_local! {
    /// The last ordinary panic of a test on this thread, with its place.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Ends the test as failed.
pub(crate) fn fail(place: Place, message: impl AsRef<str>) -> ! {
    panic::panic_any(Failure(format!("{place}: {}", message.as_ref())))
}

/// Ends the test because a program is not here.
pub(crate) fn missing(reason: impl Into<String>) -> ! {
    panic::panic_any(Missing(reason.into()))
}

/// Keeps panics of tests for their reports, in place of printing them among other tests.
pub(crate) fn install_hook() {
    let stock = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload().is::<Failure>() || info.payload().is::<Missing>() {
            return;
        }
        if std::thread::current().name().is_some_and(|name| name.starts_with("tokio")) {
            return stock(info);
        }
        let place = info.location().map(|place| format!("{place}: ")).unwrap_or_default();
        let message = info.payload_as_str().unwrap_or("a panic without a message");
        PANIC.set(Some(format!("{place}{message}")));
    }));
}

/// What a caught panic means.
pub(crate) fn early(payload: &(dyn Any + Send)) -> Early {
    if let Some(Failure(message)) = payload.downcast_ref() {
        return Early::Failed(message.clone());
    }
    if let Some(Missing(reason)) = payload.downcast_ref() {
        return Early::Missing(reason.clone());
    }
    Early::Failed(PANIC.take().unwrap_or_else(|| "a panic without a message".to_owned()))
}

/// Asks again and again until `look` gives something; for what cannot be awaited.
///
/// `what` says what is awaited: `the room is empty`.
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> impl Future<Output = T> {
    let place = Location::caller();
    async move {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look().await {
                return found;
            }
            if Instant::now() > end {
                fail(place, format!("it did not happen within {PATIENCE:?} that {what}"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
