//! What has to be there before the first test: programs, npm packages, folders.

mod apt;
mod chromium;
mod nginx;
mod npm;
mod promtool;
mod systemd;

use crate::failure::missing;
use escargot::{CargoBuild, format::Message};
use std::{
    collections::HashMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
    time::Duration,
};

/// What was made ready, once.
struct Setup {
    programs: HashMap<String, PathBuf>,
    /// The folder for files of tests.
    tmp: PathBuf,
    /// Why no JavaScript client can run, if so.
    client: Result<(), String>,
    /// The browser, or why there is none.
    chromium: Result<PathBuf, String>,
    /// What stands in front of servers, or why there is none.
    nginx: Result<PathBuf, String>,
    /// What checks units of systemd, or why there is none.
    systemd_analyze: Result<PathBuf, String>,
}

static SETUP: OnceLock<Setup> = OnceLock::new();

/// Builds the programs, and meanwhile installs the JavaScript client's packages, a browser, nginx and systemd's tools.
pub(crate) fn prepare(tmp: &Path) -> Result<(), String> {
    let client = thread::spawn(|| npm::install(&client_dir()));
    let chromium = thread::spawn(chromium::find_or_install);
    let unpacked = tmp.join("nginx");
    let others = thread::spawn(move || (nginx::find_or_unpack(&unpacked), systemd::find_or_install()));
    let programs = build(tmp)?;
    let client = client.join().map_err(|_| "npm panicked")?;
    let chromium = chromium.join().map_err(|_| "the search for a browser panicked")?;
    let (nginx, systemd_analyze) = others.join().map_err(|_| "the search for nginx and systemd panicked")?;
    let tmp = tmp.join("lambdio-tests");
    fs::create_dir_all(&tmp).map_err(|error| format!("{}: {error}", tmp.display()))?;
    sweep(&tmp);
    let setup = Setup { programs, tmp, client, chromium, nginx, systemd_analyze };
    SETUP.set(setup).map_err(|_| "the set-up runs once".to_owned())
}

/// Whether everything has to be there.
pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// A program that was built.
pub(crate) fn program(name: &str) -> PathBuf {
    let found = setup().programs.get(name);
    found.unwrap_or_else(|| panic!("no program {name:?} was built: is it in tests/examples?")).clone()
}

/// The folder for files of tests.
pub(crate) fn tmp() -> &'static Path {
    &setup().tmp
}

/// The folder of the JavaScript client. Ends the test where it cannot run.
pub(crate) fn client() -> PathBuf {
    match &setup().client {
        Ok(()) => client_dir(),
        Err(reason) => missing(reason),
    }
}

/// The browser. Ends the test where there is none.
pub(crate) fn chromium() -> &'static Path {
    match &setup().chromium {
        Ok(path) => path,
        Err(reason) => missing(reason),
    }
}

/// What stands in front of servers. Ends the test where there is none.
pub(crate) fn nginx() -> &'static Path {
    match &setup().nginx {
        Ok(path) => path,
        Err(reason) => missing(reason),
    }
}

/// What checks units of systemd. Ends the test where there is none.
#[must_use]
pub fn systemd_analyze() -> &'static Path {
    match &setup().systemd_analyze {
        Ok(path) => path,
        Err(reason) => missing(reason),
    }
}

/// Prometheus' `promtool`. Ends the test where it cannot be had.
pub fn promtool() -> &'static Path {
    static FOUND: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    // beside the folder for files of tests, which is swept
    let found = FOUND.get_or_init(|| promtool::find_or_unpack(&tmp().with_file_name("promtool")));
    found.as_deref().unwrap_or_else(|reason| missing(reason))
}

/// Has the packages in a folder that its lock file names. Ends the test where that cannot be.
pub fn npm_packages(folder: &Path) {
    npm::install(folder).unwrap_or_else(|reason| missing(reason));
}

/// The workspace's root.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the workspace")
}

fn setup() -> &'static Setup {
    SETUP.get().expect("`main` prepares before it runs tests")
}

fn client_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("client")
}

/// A build of the workspace, as if a person had asked for it.
///
/// What cargo says to this program about its own package would reach build scripts too. Some run again when that changes
/// (ring's does), and everything above them would be compiled anew, each time.
#[must_use]
pub fn cargo_build() -> CargoBuild {
    let ours = |name: &OsString| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    };
    let build = CargoBuild::new().manifest_path(root().join("Cargo.toml"));
    std::env::vars_os().map(|(name, _)| name).filter(ours).fold(build, CargoBuild::env_remove)
}

/// One run of cargo for everything, so that all of it shares one set of features and is compiled once; and one for the program
/// that can send traces, with another set.
fn build(tmp: &Path) -> Result<HashMap<String, PathBuf>, String> {
    let target = tmp.parent().ok_or("the folder for files of tests is below the target folder")?;
    let mut programs = HashMap::new();
    let all = ["-p", "handlers", "-p", "lambdio-tests", "--bin", "documents", "--examples"];
    let traced = ["-p", "handlers", "-p", "lambdio-tests", "--features", "lambdio-tests/otlp", "--example", "traced"];
    for what in [&all[..], &traced] {
        run(cargo_build().target_dir(target).args(what), &mut programs)?;
    }
    Ok(programs)
}

fn run(mut build: CargoBuild, programs: &mut HashMap<String, PathBuf>) -> Result<(), String> {
    if !cfg!(debug_assertions) {
        build = build.release();
    }
    let failed = |error: escargot::error::CargoError| format!("the programs under test cannot be built: {error}");
    for message in build.exec().map_err(failed)? {
        let message = message.map_err(failed)?;
        if let Message::CompilerArtifact(artifact) = message.decode().map_err(failed)?
            && let Some(executable) = artifact.executable
        {
            programs.insert(artifact.target.name.into_owned(), executable.into_owned());
        }
    }
    Ok(())
}

/// Removes what killed runs have left behind. A run that goes on now is younger.
fn sweep(tmp: &Path) {
    const OLD: Duration = Duration::from_secs(60 * 60);
    let is_old = |path: &Path| {
        path.metadata().and_then(|found| found.modified()).is_ok_and(|at| at.elapsed().is_ok_and(|age| age > OLD))
    };
    for path in fs::read_dir(tmp).into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| is_old(path))
    {
        // another run may be faster, which is as good
        let _ = fs::remove_dir_all(path);
    }
}
