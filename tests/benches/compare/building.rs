//! How the servers are made ready.

use crate::{Failure, peers::Peer};
use escargot::format::Message;
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The servers that can be started.
pub struct Programs {
    built: HashMap<String, PathBuf>,
    /// Node's version, or why there is no server on Node.
    node: Result<String, String>,
}

impl Programs {
    /// Builds the servers in Rust in the profile of this program, and installs what the one on Node needs.
    pub fn prepare() -> Result<Self, Failure> {
        Ok(Self { built: build()?, node: install() })
    }

    /// Whether a server can be started.
    pub fn has(&self, peer: Peer) -> bool {
        peer != Peer::Node || self.node.is_ok()
    }

    /// Node's version, or why there is no server on Node.
    pub fn node(&self) -> &Result<String, String> {
        &self.node
    }

    /// What starts a server, the one with a database or the one without.
    pub fn command(&self, peer: Peer, with_database: bool) -> Result<Command, Failure> {
        let example = match peer {
            Peer::Lambdio if with_database => "bench_documents",
            Peer::Lambdio => "bench_lambdio",
            Peer::Thousand => "bench_thousand",
            Peer::ByHand => "bench_socketioxide",
            Peer::Node => {
                let mut command = Command::new("node");
                command
                    .arg(node_folder().join(if with_database { "documents.js" } else { "server.js" }))
                    .env("NODE_ENV", "production");
                return Ok(command);
            }
        };
        let program = self.built.get(example).ok_or_else(|| format!("no example {example} was built"))?;
        Ok(Command::new(program))
    }
}

/// The folder of the server on Node.
fn node_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare/peers/node")
}

/// One run of cargo for all of them, so that they share one set of features.
fn build() -> Result<HashMap<String, PathBuf>, Failure> {
    let mut build = lambdio_tests::cargo_build().target_dir(target()?).args(["-p", "lambdio-tests"]);
    for example in ["bench_lambdio", "bench_documents", "bench_thousand", "bench_socketioxide"] {
        build = build.args(["--example", example]);
    }
    if !cfg!(debug_assertions) {
        build = build.release();
    }
    let mut programs = HashMap::new();
    for message in build.exec().map_err(|error| format!("the servers cannot be built: {error}"))? {
        if let Message::CompilerArtifact(artifact) = message?.decode()?
            && let Some(executable) = artifact.executable
        {
            programs.insert(artifact.target.name.into_owned(), executable.into_owned());
        }
    }
    Ok(programs)
}

/// Cargo's folder for everything that is built: this program is at `<target>/<profile>/deps/compare-<hash>`.
pub fn target() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe()?;
    let folder = program.ancestors().nth(3).ok_or("this program is not in a target folder")?;
    Ok(folder.to_owned())
}

/// `npm ci`, unless what is installed is what the lock file names. Gives Node's version.
fn install() -> Result<String, String> {
    let folder = node_folder();
    let version = Command::new("node").arg("--version").output();
    let version = version.map_err(|error| format!("node cannot be run: {error}"))?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let wanted = fs::read(folder.join("package-lock.json")).map_err(failed)?;
    let stamp = folder.join("node_modules/installed-lock.json");
    if !fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        let npm = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder).output();
        let npm = npm.map_err(|error| format!("npm cannot be run: {error}"))?;
        if !npm.status.success() {
            return Err(format!("npm ci failed: {}", String::from_utf8_lossy(&npm.stderr).trim()));
        }
        fs::write(stamp, wanted).map_err(failed)?;
    }
    Ok(version)
}
