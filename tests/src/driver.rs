//! A process of JavaScript clients, or of browsers.

use crate::{Log, PATIENCE, secrets::Secrets, setup};
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    fmt::Write as _,
    path::Path,
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::oneshot,
    time::timeout,
};

/// How much longer than the driver itself a command is waited for.
const SLACK: Duration = Duration::from_secs(5);

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Result<Value, String>>>>>;

/// A process of JavaScript clients, or of browsers. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    child: Child,
    input: tokio::sync::Mutex<ChildStdin>,
    waiting: Waiting,
    next: AtomicU64,
    stderr: Log,
    secrets: Secrets,
}

#[derive(Serialize)]
struct Order<'a> {
    id: u64,
    #[serde(rename = "do")]
    what: &'a str,
    within: u128,
    #[serde(flatten)]
    with: Value,
}

#[derive(Deserialize)]
struct Answer {
    id: u64,
    #[serde(default)]
    value: Value,
    error: Option<String>,
}

impl Driver {
    /// Starts a process of clients. What goes through it is watched for secrets. Ends the test where it cannot run.
    pub(crate) fn start(secrets: Secrets) -> Self {
        Self::start_script("driver.mjs", &[], secrets)
    }

    /// The same with a script of `tests/client` and environment variables.
    pub(crate) fn start_script(script: &str, variables: &[(&str, &Path)], secrets: Secrets) -> Self {
        let mut child = Command::new("node")
            .arg(script)
            .envs(variables.iter().copied())
            .current_dir(setup::client())
            .kill_on_drop(true)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node can be run, as the set-up found");
        let input = child.stdin.take().expect("standard input is piped");
        let output = child.stdout.take().expect("standard output is piped");
        let stderr = Log::follow(child.stderr.take().expect("standard error is piped"));
        let waiting = Waiting::default();
        tokio::spawn(receive(BufReader::new(output).lines(), waiting.clone()));
        Self { child, input: input.into(), waiting, next: AtomicU64::new(1), stderr, secrets }
    }

    /// Gives a command. The error says what was awaited and what was seen instead.
    pub(crate) async fn command(&self, what: &str, with: Value) -> Result<Value, String> {
        self.secrets.command(&with);
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, answer) = oneshot::channel();
        lock(&self.waiting).insert(id, sender);
        let command = Order { id, what, within: PATIENCE.as_millis(), with };
        let line = serde_json::to_string(&command).map_err(|error| error.to_string())? + "\n";
        let written = self.input.lock().await.write_all(line.as_bytes()).await;
        written.map_err(|error| self.ended(what, &error.to_string()))?;
        match timeout(PATIENCE + SLACK, answer).await {
            Ok(Ok(answer)) => {
                if let Ok(answer) = &answer {
                    self.secrets.answer(&command.with, answer);
                }
                answer
            }
            Ok(Err(_)) => Err(self.ended(what, "its output ended")),
            Err(_) => Err(self.ended(what, "it does not answer")),
        }
    }

    /// Sends the process a signal.
    pub(crate) fn signal(&self, signal: Signal) -> Result<(), String> {
        let pid = self.child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())).ok_or("the client has ended")?;
        kill_process(pid, signal).map_err(|error| error.to_string())
    }

    fn ended(&self, what: &str, how: &str) -> String {
        format!("the JavaScript process failed at {what:?}: {how}\n{}", self.stderr.lines().join("\n"))
    }
}

async fn receive(mut lines: Lines<BufReader<ChildStdout>>, waiting: Waiting) {
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match serde_json::from_str(&line) {
            Ok(Answer { id, value, error }) => {
                lock(&waiting).remove(&id).map(|sender| (sender, error.map_or(Ok(value), Err)))
            }
            Err(_) => None,
        };
        if let Some((sender, answer)) = answer {
            // a test that no longer waits has failed already
            let _ = sender.send(answer);
        }
    }
    lock(&waiting).clear();
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes as the driver writes them.
pub(crate) fn binary(bytes: &[u8]) -> Value {
    let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    json!({ "$binary": hex })
}
