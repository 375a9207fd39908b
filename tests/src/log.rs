//! Lines that a program prints.

use crate::{PATIENCE, failure::Place, failure::fail};
use std::{panic::Location, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    sync::watch,
    time::timeout,
};

/// Lines that a program prints, as they come.
#[derive(Clone, Debug)]
pub struct Log(Arc<watch::Sender<Output>>);

#[derive(Debug, Default)]
struct Output {
    lines: Vec<String>,
    ended: bool,
}

impl Log {
    /// Collects lines for as long as there are any.
    pub(crate) fn follow(output: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let log = Self(Arc::new(watch::Sender::default()));
        let writer = log.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                writer.0.send_modify(|output| output.lines.push(line));
            }
            writer.0.send_modify(|output| output.ended = true);
        });
        log
    }

    /// What a program printed that has ended.
    pub(crate) fn of(text: &str) -> Self {
        let lines = text.lines().map(str::to_owned).collect();
        Self(Arc::new(watch::Sender::new(Output { lines, ended: true })))
    }

    /// What was printed until now.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.borrow().lines.clone()
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

    /// Waits until nothing more can come, which is after the program's end. Whether it came to that.
    pub(crate) async fn ended(&self) -> bool {
        let mut output = self.0.subscribe();
        timeout(PATIENCE, output.wait_for(|output| output.ended)).await.is_ok()
    }

    /// All that was printed by a program that has ended.
    pub(crate) async fn whole(&self) -> String {
        self.ended().await;
        self.lines().join("\n")
    }

    /// Waits for a line.
    pub(crate) async fn find(&self, fits: impl Fn(&str) -> bool) -> Option<String> {
        self.find_within(PATIENCE, fits).await
    }

    /// Waits that long for a line.
    pub(crate) async fn find_within(&self, patience: Duration, fits: impl Fn(&str) -> bool) -> Option<String> {
        let mut output = self.0.subscribe();
        let found = output.wait_for(|output| output.lines.iter().any(|line| fits(line)));
        let output = timeout(patience, found).await.ok()?.ok()?;
        output.lines.iter().find(|line| fits(line)).cloned()
    }

    /// Waits for the first line from a number on that fits. The lines from there to that one.
    pub(crate) async fn lines_from(&self, first: usize, fits: impl Fn(&str) -> bool) -> Option<Vec<String>> {
        let end = |lines: &[String]| lines.iter().skip(first).position(|line| fits(line)).map(|end| first + end);
        let mut output = self.0.subscribe();
        let found = output.wait_for(|output| end(&output.lines).is_some());
        let output = timeout(PATIENCE, found).await.ok()?.ok()?;
        end(&output.lines).map(|end| output.lines[first..=end].to_vec())
    }

    fn missing(&self, place: Place, parts: &str) -> ! {
        fail(place, format!("no line with \"{parts}\" within {PATIENCE:?} in this log:\n{}", self.lines().join("\n")))
    }
}

/// What a line of the log says, in either form, with the fields where there are some: `reloaded: 1 setting changed`.
pub(crate) fn message(line: &str) -> String {
    if let Ok(line) = serde_json::from_str::<serde_json::Value>(line) {
        return line["message"].as_str().unwrap_or_default().to_owned();
    }
    // the time, the level and the part of the program
    let behind = (0..3).fold(line, |text, _| text.trim_start().split_once(' ').map_or("", |(_, rest)| rest));
    behind.trim_start().to_owned()
}
