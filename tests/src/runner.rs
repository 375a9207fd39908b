//! Runs tests: each on a thread of its own, all on one async runtime.

use crate::{World, endurance::Report, failure, failure::Early, mongod, setup};
use futures_util::{FutureExt, future::LocalBoxFuture};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::{panic::AssertUnwindSafe, path::Path, process::ExitCode, sync::LazyLock, time::Duration};
use tokio::{runtime::Runtime, sync::oneshot};

/// No test takes longer.
const LONGEST: Duration = Duration::from_secs(60);

/// No long run takes longer.
const LONGEST_OF_ALL: Duration = Duration::from_secs(20 * 60);

/// How many of its leaks a test shows, and how many problems of its pages.
const SHOWN: usize = 20;

/// What a long run is called, and what it does.
pub type LongRun = (&'static str, fn(World) -> LocalBoxFuture<'static, Report>);

/// One runtime for all tests: the shared database outlives each of them.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("an async runtime"));

/// Runs the tests that the command line asks for.
///
/// `target_tmp` is cargo's folder for files of tests, which only tests are told.
pub fn main(target_tmp: &'static str, tests: impl IntoIterator<Item = Vec<Trial>>) -> ExitCode {
    let arguments = Arguments::from_args();
    let tests: Vec<Trial> = tests.into_iter().flatten().collect();
    if !arguments.list
        && let Err(error) = prepare(target_tmp)
    {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    let conclusion = libtest_mimic::run(&arguments, tests);
    RUNTIME.block_on(mongod::stop());
    conclusion.exit_code()
}

/// Runs [long runs](crate::endurance) one after the other and prints what they measured. It fails if one of them does.
///
/// `target_tmp` is cargo's folder for files of tests, which only tests and benchmarks are told.
pub fn long_runs(target_tmp: &'static str, runs: impl IntoIterator<Item = LongRun>) -> ExitCode {
    if let Err(error) = prepare(target_tmp) {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    let mut code = ExitCode::SUCCESS;
    for (name, run) in runs {
        println!("\n{name}");
        match complete(name, LONGEST_OF_ALL, async |world| run(world).await) {
            Ok(report) => print!("{report}"),
            Err(Early::Missing(message) | Early::Failed(message)) => {
                println!("failed: {message}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

/// Has everything there that tests need.
fn prepare(target_tmp: &'static str) -> Result<(), String> {
    setup::prepare(Path::new(target_tmp))?;
    failure::install_hook();
    RUNTIME.spawn(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            mongod::stop().await;
            std::process::exit(130);
        }
    });
    Ok(())
}

/// A test. Written by [`trials!`](crate::trials).
pub fn trial<F>(module: &str, name: &str, test: F) -> Trial
where
    F: AsyncFnOnce(World) + Send + 'static,
{
    let module = module.split_once("::").map_or(module, |(_, module)| module);
    let name = format!("{module}::{name}");
    Trial::ignorable_test(name.clone(), move || match complete(&name, LONGEST, test) {
        Ok(()) => Ok(Completion::Completed),
        Err(Early::Missing(reason)) if !setup::is_ci() => Ok(Completion::ignored_with(reason)),
        Err(Early::Missing(reason)) => Err(Failed::from(format!("{reason}, and CI=true asks for it"))),
        Err(Early::Failed(message)) => Err(Failed::from(message)),
    })
}

/// Runs a test inside of another, and gives its failure. What it lacks on this machine, the other one lacks as well.
pub async fn failure_of<F>(name: &'static str, test: F) -> Option<String>
where
    F: AsyncFnOnce(World) + Send + 'static,
{
    let (sender, outcome) = oneshot::channel();
    // a runtime that waits for a test cannot be asked to wait for another one on the same thread
    std::thread::spawn(move || {
        // nobody waits where the outer test has failed already
        let _ = sender.send(complete(name, LONGEST, test));
    });
    match outcome.await.expect("`complete` catches panics") {
        Ok(()) => None,
        Err(Early::Failed(message)) => Some(message),
        Err(Early::Missing(reason)) => failure::missing(reason),
    }
}

/// Runs a test from its beginning to its end, which comes after `longest`.
fn complete<T>(name: &str, longest: Duration, test: impl AsyncFnOnce(World) -> T) -> Result<T, Early> {
    let world = World::new(name);
    let running = AssertUnwindSafe(test(world.clone())).catch_unwind();
    let outcome = RUNTIME.block_on(async { tokio::time::timeout(longest, running).await });
    let problems = RUNTIME.block_on(world.problems());
    let report = match shown(&problems) {
        shown if shown.is_empty() => world.report(),
        shown => format!("\n--- what went wrong in pages ---\n{shown}{}", world.report()),
    };
    // a test that fails says what is wrong already, and its programs may hang
    let leaks = if matches!(outcome, Ok(Ok(_))) { RUNTIME.block_on(world.leaks()) } else { Vec::new() };
    RUNTIME.block_on(world.finish());
    match outcome {
        Ok(Ok(_)) if !problems.is_empty() => {
            Err(Early::Failed(format!("something went wrong in pages, {} times{report}", problems.len())))
        }
        Ok(Ok(_)) if !leaks.is_empty() => {
            Err(Early::Failed(format!("a secret was told, in {} places:\n{}", leaks.len(), shown(&leaks))))
        }
        Ok(Ok(done)) => Ok(done),
        Ok(Err(panic)) => Err(match failure::early(panic.as_ref()) {
            Early::Failed(message) => Early::Failed(format!("{message}{report}")),
            missing @ Early::Missing(_) => missing,
        }),
        Err(_) => Err(Early::Failed(format!("the test did not end within {longest:?}{report}"))),
    }
}

/// The first of them, each on a line.
fn shown(sentences: &[String]) -> String {
    sentences.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join("\n")
}
