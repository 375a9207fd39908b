//! Lines that a program prints.

use crate::{PATIENCE, failure::Place, failure::fail};
use std::{panic::Location, sync::Arc};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    sync::watch,
    time::timeout,
};

/// Lines that a program prints, as they come.
#[derive(Clone, Debug)]
pub struct Log(Arc<watch::Sender<Vec<String>>>);

impl Log {
    /// Collects lines for as long as there are any.
    pub(crate) fn follow(output: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let log = Self(Arc::new(watch::Sender::new(Vec::new())));
        let writer = log.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                writer.0.send_modify(|all| all.push(line));
            }
        });
        log
    }

    /// What was printed until now.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.borrow().clone()
    }

    /// Waits for a line that has all these parts, and gives it.
    #[track_caller]
    pub fn line_with<const N: usize>(&self, parts: [&str; N]) -> impl Future<Output = String> {
        let place = Location::caller();
        async move {
            match self.find(|line| parts.iter().all(|part| line.contains(part))).await {
                Some(line) => line,
                None => self.missing(place, &parts.join("\" and \"")),
            }
        }
    }

    /// Waits for a line.
    pub(crate) async fn find(&self, fits: impl Fn(&str) -> bool) -> Option<String> {
        let mut lines = self.0.subscribe();
        let found = lines.wait_for(|lines| lines.iter().any(|line| fits(line)));
        let lines = timeout(PATIENCE, found).await.ok()?.ok()?;
        lines.iter().find(|line| fits(line)).cloned()
    }

    fn missing(&self, place: Place, parts: &str) -> ! {
        fail(place, format!("no line with \"{parts}\" within {PATIENCE:?} in this log:\n{}", self.lines().join("\n")))
    }
}
