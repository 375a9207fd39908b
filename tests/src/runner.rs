//! Runs tests: each on a thread of its own, all on one async runtime.

use crate::{World, failure, failure::Early, mongod, setup};
use futures_util::FutureExt;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::{panic::AssertUnwindSafe, path::Path, process::ExitCode, sync::LazyLock, time::Duration};
use tokio::runtime::Runtime;

/// No test takes longer.
const LONGEST: Duration = Duration::from_secs(60);

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
        && let Err(error) = setup::prepare(Path::new(target_tmp))
    {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    failure::install_hook();
    RUNTIME.spawn(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            mongod::stop().await;
            std::process::exit(130);
        }
    });
    let conclusion = libtest_mimic::run(&arguments, tests);
    RUNTIME.block_on(mongod::stop());
    conclusion.exit_code()
}

/// A test. Written by [`trials!`](crate::trials).
pub fn trial<F>(module: &str, name: &str, test: F) -> Trial
where
    F: AsyncFnOnce(World) + Send + 'static,
{
    let module = module.split_once("::").map_or(module, |(_, module)| module);
    let name = format!("{module}::{name}");
    Trial::ignorable_test(name.clone(), move || {
        let world = World::new(&name);
        let running = AssertUnwindSafe(test(world.clone())).catch_unwind();
        let outcome = RUNTIME.block_on(async { tokio::time::timeout(LONGEST, running).await });
        let report = world.report();
        RUNTIME.block_on(world.finish());
        match outcome {
            Ok(Ok(())) => Ok(Completion::Completed),
            Ok(Err(panic)) => match failure::early(panic.as_ref()) {
                Early::Missing(reason) if !setup::is_ci() => Ok(Completion::ignored_with(reason)),
                Early::Missing(reason) => Err(Failed::from(format!("{reason}, and CI=true asks for it"))),
                Early::Failed(message) => Err(Failed::from(format!("{message}{report}"))),
            },
            Err(_) => Err(Failed::from(format!("the test did not end within {LONGEST:?}{report}"))),
        }
    })
}
