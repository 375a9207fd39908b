//! Waits at start for a database that does not answer yet.

use super::MongoError;
use crate::{config::Mongo as Settings, error::is_database_away};
use mongodb::error::{Error as DriverError, ErrorKind};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(250);

/// How often the log is told that there is still no answer.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// How long a database is waited for, all in all, and the key that says so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    begun: Instant,
    limit: Duration,
    key: &'static str,
}

impl Patience {
    /// Of a server that starts.
    pub fn at_start(settings: &Settings) -> Self {
        Self::of(settings.startup_timeout, "mongo.startup_timeout")
    }

    /// Of a command, before which a person sits.
    pub fn of_command(settings: &Settings) -> Self {
        Self::of(settings.server_selection_timeout, "mongo.server_selection_timeout")
    }

    fn of(limit: Duration, key: &'static str) -> Self {
        Self { begun: Instant::now(), limit, key }
    }

    /// The same, from now on.
    pub fn anew(self) -> Self {
        Self { begun: Instant::now(), ..self }
    }
}

/// Attempts until one succeeds, as long as there is patience. The log is told that this waits, and what for.
///
/// # Errors
/// At once what no waiting mends, such as a wrong password; the last failure when the time is up.
pub(super) async fn until_it_answers<T>(
    patience: Patience,
    attempt: impl AsyncFn() -> Result<T, DriverError>,
) -> Result<T, MongoError> {
    let judge = |error: DriverError| match error {
        error if is_address(&error) => Err(MongoError::Address(error)),
        error if is_refusal(&error) => Err(MongoError::Refused(error)),
        error => Ok(error),
    };
    wait(patience, attempt, judge).await
}

/// The same for what a database is asked that has answered already: only while it is away again.
///
/// # Errors
/// At once what it answers, as `failed` makes it; that it is away when the time is up.
pub(super) async fn while_it_is_away<T>(
    patience: Patience,
    attempt: impl AsyncFn() -> Result<T, DriverError>,
    failed: impl Fn(DriverError) -> MongoError,
) -> Result<T, MongoError> {
    wait(patience, attempt, |error| if is_database_away(&error) { Ok(error) } else { Err(failed(error)) }).await
}

/// `judge` says which failures may pass, and what the others are.
async fn wait<T>(
    Patience { begun, limit, key }: Patience,
    attempt: impl AsyncFn() -> Result<T, DriverError>,
    judge: impl Fn(DriverError) -> Result<DriverError, MongoError>,
) -> Result<T, MongoError> {
    let end = begun + limit;
    let mut reason = "it does not answer".to_owned();
    let mut told: Option<Instant> = None;
    loop {
        match timeout_at(end, attempt()).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(error)) => reason = in_short(&judge(error)?),
            Err(_) => {}
        }
        if Instant::now() + PAUSE >= end {
            return Err(MongoError::Away { limit, key, reason });
        }
        match told {
            None => {
                tracing::warn!(reason, "waiting for the database, for at most {limit:?} ({key})");
                told = Some(Instant::now());
            }
            Some(last) if last.elapsed() >= TELL_EVERY => {
                let left = (end - Instant::now()).as_secs();
                tracing::warn!(reason, "still waiting for the database, for {left} s more");
                told = Some(Instant::now());
            }
            Some(_) => {}
        }
        sleep(PAUSE).await;
    }
}

/// An error without the driver's labels. The driver shows no password.
pub(super) fn in_short(error: &DriverError) -> String {
    error.kind.to_string()
}

/// The address cannot be one, wherever the database is.
fn is_address(error: &DriverError) -> bool {
    matches!(
        error.kind.as_ref(),
        ErrorKind::InvalidArgument { .. } | ErrorKind::InvalidTlsConfig { .. } | ErrorKind::IncompatibleServer { .. }
    )
}

/// The database is there, and does not let us in.
fn is_refusal(error: &DriverError) -> bool {
    /// `Unauthorized`, `AuthenticationFailed`, and Atlas's word for both.
    const REFUSALS: [i32; 3] = [13, 18, 8000];
    match error.kind.as_ref() {
        ErrorKind::Authentication { .. } => true,
        ErrorKind::Command(failure) => REFUSALS.contains(&failure.code),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{cell::Cell, io};

    const LIMIT: Duration = Duration::from_secs(30);

    fn patience() -> Patience {
        Patience::of(LIMIT, "mongo.startup_timeout")
    }

    fn away() -> DriverError {
        io::Error::from(io::ErrorKind::ConnectionRefused).into()
    }

    #[tokio::test(start_paused = true)]
    async fn it_waits_until_there_is_an_answer() {
        let attempts = Cell::new(0);
        let answer = until_it_answers(patience(), async || {
            attempts.set(attempts.get() + 1);
            if attempts.get() < 20 { Err(away()) } else { Ok(7) }
        });
        assert_eq!(answer.await.unwrap(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn it_gives_up_when_the_time_is_up_and_says_why() {
        let start = Instant::now();
        let error = until_it_answers(patience(), async || Err::<(), _>(away())).await.unwrap_err().to_string();
        assert!(start.elapsed() <= LIMIT, "{:?}", start.elapsed());
        for part in ["mongo.uri", "within 30s", "mongo.startup_timeout", "refused"] {
            assert!(error.contains(part), "{part} is missing in: {error}");
        }
        let error =
            until_it_answers(patience(), async || std::future::pending::<Result<(), _>>().await).await.unwrap_err();
        assert!(error.to_string().contains("it does not answer"), "{error}");
        assert_eq!(start.elapsed().as_secs(), 59);
    }

    #[tokio::test(start_paused = true)]
    async fn what_no_waiting_mends_ends_it_at_once() {
        let start = Instant::now();
        let wrong = mongodb::options::ClientOptions::parse("mongodb://a:b:c@d").await.unwrap_err();
        let error = until_it_answers(patience(), async || Err::<(), _>(wrong.clone())).await.unwrap_err();
        assert!(matches!(error, MongoError::Address(_)), "{error}");
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_away_again_is_asked_again_and_an_answer_counts() {
        let failed = |error| MongoError::Collection { collection: "notes", error };
        let attempts = Cell::new(0);
        let ask = async |last: fn() -> DriverError| {
            attempts.set(0);
            let attempt = async || {
                attempts.set(attempts.get() + 1);
                if attempts.get() < 5 { Err(away()) } else { Err::<(), _>(last()) }
            };
            while_it_is_away(patience(), attempt, failed).await.unwrap_err().to_string()
        };
        let error = ask(|| DriverError::custom("no")).await;
        assert!(error.contains("\"notes\"") && attempts.get() == 5, "{error}");
        let error = ask(away).await;
        assert!(error.contains("within 30s") && attempts.get() > 5, "{error}");
    }
}
