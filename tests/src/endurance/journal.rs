//! Clients that write down what was acknowledged, while the database is killed.

use super::Report;
use crate::{Server, Socket, World, failure::fail};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    panic::Location,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// How many writes are acknowledged between two kills.
const WRITES: usize = 100;

/// How long the database may take to come back.
const LONGEST: Duration = Duration::from_secs(30);

/// So many clients write one entry after the other, each with a name of its own, and note in a file what was acknowledged;
/// meanwhile the embedded database is killed so many times. In the end every entry of the files is in the database, once,
/// and the server was never started again.
#[track_caller]
pub fn journal(world: &World, clients: usize, kills: usize) -> impl Future<Output = Report> {
    let place = Location::caller();
    async move {
        let program = world.example("journal").set("events.timeout=8s").env("LAMBDIO__LOG__LEVEL", "info");
        let lock = program.folder().join("data/mongodb/db/mongod.lock");
        let mut server = program.await;
        let load = Load::default();
        let files: Vec<PathBuf> =
            (0..clients).map(|client| world.dir().join(format!("acknowledged-{client}"))).collect();
        let mut sockets = Vec::new();
        for _ in &files {
            sockets.push(server.client("writers").await.connect("/journal").await);
        }
        let writers =
            sockets.iter().zip(&files).enumerate().map(|(client, (socket, file))| load.write(client, socket, file));
        let begun = Instant::now();
        let (slowest, _) = tokio::join!(
            async {
                let slowest = kill(&load, &lock, kills).await;
                load.done.store(true, Ordering::Relaxed);
                slowest.unwrap_or_else(|error| fail(place, error))
            },
            futures_util::future::join_all(writers)
        );
        if !server.is_running() {
            fail(place, "the server has ended");
        }
        let stored = stored(&server).await;
        let outcome = Outcome::of(&files, &stored);
        let mut report = Report::default();
        report.line(format!("{clients} clients, {kills} kills, {:.1} s", begun.elapsed().as_secs_f32()));
        report.line(format!(
            "{} attempted, {} acknowledged, {} of these found, {} found in all, {} doubled",
            load.attempted.load(Ordering::Relaxed),
            outcome.acknowledged,
            outcome.acknowledged - outcome.lost.len(),
            stored.len(),
            outcome.doubled.len(),
        ));
        report.line(format!("refused: {:?}; writes went on after at most {slowest:.1?}", load.refused()));
        if !outcome.lost.is_empty() || !outcome.doubled.is_empty() {
            fail(place, format!("{report}lost: {:?}, doubled: {:?}", outcome.lost, outcome.doubled));
        }
        report
    }
}

/// What clients do together.
#[derive(Default)]
struct Load {
    done: AtomicBool,
    attempted: AtomicUsize,
    acknowledged: AtomicUsize,
    refused: std::sync::Mutex<BTreeMap<String, usize>>,
}

impl Load {
    /// Writes until it is done, and notes in the file what was acknowledged.
    async fn write(&self, client: usize, socket: &Socket, file: &Path) {
        let mut journal = fs::File::create(file).expect("a file in the test's folder");
        for number in 0.. {
            if self.done.load(Ordering::Relaxed) {
                return;
            }
            self.attempted.fetch_add(1, Ordering::Relaxed);
            let id = format!("{client}-{number}");
            let answer = socket.ask("write", json!([id])).await;
            if answer == json!(id) {
                writeln!(journal, "{id}").expect("room in the test's folder");
                self.acknowledged.fetch_add(1, Ordering::Relaxed);
            } else {
                let code = answer["error"]["code"].as_str().unwrap_or("no error, and no answer").to_owned();
                *self.refused.lock().expect("nobody panics with it").entry(code).or_default() += 1;
                // a client with manners
                sleep(Duration::from_millis(50)).await;
            }
        }
    }

    fn refused(&self) -> BTreeMap<String, usize> {
        self.refused.lock().expect("nobody panics with it").clone()
    }

    /// Waits until so many more writes were acknowledged.
    async fn goes_on(&self, writes: usize) -> Result<(), String> {
        let (begun, before) = (Instant::now(), self.acknowledged.load(Ordering::Relaxed));
        while self.acknowledged.load(Ordering::Relaxed) < before + writes {
            if begun.elapsed() > LONGEST {
                return Err(format!("writes did not go on within {LONGEST:?}: refused {:?}", self.refused()));
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

/// Kills the database under load; how long it took at most until a write was acknowledged again.
async fn kill(load: &Load, lock: &Path, kills: usize) -> Result<Duration, String> {
    let mut slowest = Duration::ZERO;
    load.goes_on(WRITES).await?;
    for _ in 0..kills {
        let text = fs::read_to_string(lock).map_err(|error| error.to_string())?;
        let pid = text.trim().parse().ok().and_then(Pid::from_raw).ok_or_else(|| format!("no process: {text:?}"))?;
        kill_process(pid, Signal::KILL).map_err(|error| error.to_string())?;
        // what was acknowledged just now may have been so before
        let begun = Instant::now();
        while fs::read_to_string(lock).is_ok_and(|now| now == text) {
            if begun.elapsed() > LONGEST {
                return Err(format!("the database was not started again within {LONGEST:?}"));
            }
            sleep(Duration::from_millis(5)).await;
        }
        load.goes_on(1).await?;
        slowest = slowest.max(begun.elapsed());
        load.goes_on(WRITES).await?;
    }
    Ok(slowest)
}

/// Everything in the database, with how often it was written.
async fn stored(server: &Server) -> BTreeMap<String, i64> {
    let reader = server.client("reader").await.connect("/journal").await;
    let stored = crate::eventually("the database is there", async || {
        serde_json::from_value(reader.ask("read", json!([])).await).ok()
    });
    stored.await
}

struct Outcome {
    acknowledged: usize,
    lost: Vec<String>,
    doubled: Vec<String>,
}

impl Outcome {
    fn of(files: &[PathBuf], stored: &BTreeMap<String, i64>) -> Self {
        let text: String = files.iter().map(|file| fs::read_to_string(file).expect("a journal")).collect();
        let acknowledged: Vec<&str> = text.lines().collect();
        let lost = acknowledged.iter().filter(|id| !stored.contains_key(**id)).map(|id| (*id).to_owned()).collect();
        let doubled = stored.iter().filter(|(_, writes)| **writes != 1).map(|(id, _)| id.clone()).collect();
        Self { acknowledged: acknowledged.len(), lost, doubled }
    }
}
