//! The long runs: `cargo bench -p lambdio-tests --bench long`.
//!
//! What [`lambdio_tests::endurance`] asserts for few, with thousands. Prints what it measured, and fails where something
//! does not hold. `-- waves` runs one of them.

use clap::{Parser, ValueEnum};
use futures_util::FutureExt;
use lambdio_tests::{LongRun, endurance, long_runs};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::process::ExitCode;

/// Files that the crowd's half of this process has open, and some more.
const DESCRIPTORS: u64 = 11_000;

/// The long runs, with thousands of clients.
#[derive(Parser)]
struct Arguments {
    /// What to run; everything where nothing is named.
    runs: Vec<Run>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Run {
    Order,
    Waves,
    Abandoned,
    Crowd,
    Convergence,
    Journal,
}

impl Run {
    fn long_run(self) -> LongRun {
        match self {
            Self::Order => ("order: 2 000 numbered events in one go", |world| {
                async move { endurance::order(&world, 20, 2_000).await }.boxed_local()
            }),
            Self::Waves => ("waves: 2 000 clients come and leave, half of them without a goodbye", |world| {
                async move { endurance::waves(&world, 6, 2_000).await }.boxed_local()
            }),
            Self::Abandoned => ("abandoned: 5 000 polling sessions that nobody polls any more", |world| {
                async move { endurance::abandoned(&world, 5_000).await }.boxed_local()
            }),
            Self::Crowd => ("crowd: 10 000 clients at once", |world| {
                async move { endurance::crowd(&world, 10_000).await }.boxed_local()
            }),
            Self::Journal => ("journal: the database is killed 20 times, and nothing acknowledged is lost", |world| {
                async move { endurance::journal(&world, 32, 20).await }.boxed_local()
            }),
            Self::Convergence => ("convergence: three people write over networks that fail, 50 times", |world| {
                async move { endurance::convergence(&world, 1..=50).await }.boxed_local()
            }),
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = allow_many_connections() {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    let runs = if arguments.runs.is_empty() { Run::value_variants() } else { &arguments.runs };
    long_runs(env!("CARGO_TARGET_TMPDIR"), runs.iter().map(|run| run.long_run()))
}

/// Raises the limit of open files as far as it goes. Servers inherit it.
fn allow_many_connections() -> Result<(), String> {
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).map_err(|error| error.to_string())?;
    match maximum {
        Some(most) if most < DESCRIPTORS => {
            Err(format!("a process may open {most} files here, and this needs {DESCRIPTORS}: raise ulimit -Hn"))
        }
        _ => Ok(()),
    }
}
