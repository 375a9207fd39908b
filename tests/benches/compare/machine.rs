//! Where and how it is measured.

use crate::{Failure, arguments::Arguments, building::Programs, cores::Cores, peers::Peer};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::{fmt::Write as _, fs, path::Path, process::Command, time::SystemTime};

/// What a run needs: its idle websockets, and some more.
const DESCRIPTORS: u64 = 6_000;

/// Raises the limit of open files as far as it goes. Servers inherit it.
pub fn allow_many_connections() -> Result<(), Failure> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?;
    match limit.maximum {
        Some(most) if most < DESCRIPTORS => Err(format!(
            "a process may open {most} files here, and this needs {DESCRIPTORS}: raise the hard limit (ulimit -Hn)"
        )
        .into()),
        _ => Ok(()),
    }
}

/// What stands above the table.
pub fn describe(arguments: &Arguments, programs: &Programs, cores: &Cores) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:14}{value}");
    };
    line("date", &humantime::format_rfc3339_seconds(SystemTime::now()).to_string());
    line("machine", &format!("{}, {} cores", cpu(), cores_online()));
    line("kernel", fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim());
    line("pinning", &cores.to_string());
    line("profile", if cfg!(debug_assertions) { "dev: these numbers mean nothing" } else { "release" });
    line("allocator", "the system's, for all in Rust");
    line("rustc", &rustc());
    for name in ["lambdio", "socketioxide", "axum", "tokio", "mongodb"] {
        line(name, &locked(name));
    }
    match programs.node() {
        Ok(version) => {
            line("Node", &format!("{version}, socket.io {}, mongodb {}", pinned("socket.io"), pinned("mongodb")));
        }
        Err(reason) => line("Node", &format!("left out: {reason}")),
    }
    for peer in Peer::ALL {
        line(peer.name(), peer.configuration());
    }
    let scale = arguments.scale();
    let quick = if arguments.is_quick() { " (--quick: these numbers mean nothing)" } else { "" };
    line("rounds", &format!("{} of {:?} after {:?}{quick}", arguments.rounds(), scale.load, scale.warm_up));
    text
}

fn cpu() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name"));
    model.map_or("unknown", |model| model.trim_start_matches([' ', '\t', ':'])).to_owned()
}

fn cores_online() -> usize {
    fs::read_to_string("/proc/cpuinfo").unwrap_or_default().lines().filter(|line| line.starts_with("processor")).count()
}

fn rustc() -> String {
    let version = Command::new("rustc").arg("--version").output();
    version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

/// The version of a crate in Cargo.lock.
fn locked(name: &str) -> String {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock")).unwrap_or_default();
    let package = lock.split("[[package]]").find(|package| package.contains(&format!("\nname = \"{name}\"\n")));
    let version = package.and_then(|package| package.split_once("version = \"")?.1.split_once('"'));
    version.map_or("unknown", |(version, _)| version).to_owned()
}

/// The version of a package that the server on Node pins.
fn pinned(name: &str) -> String {
    let package: serde_json::Value = serde_json::from_str(include_str!("peers/node/package.json")).unwrap_or_default();
    let version = package.get("dependencies").and_then(|dependencies| dependencies.get(name));
    version.and_then(serde_json::Value::as_str).unwrap_or("unknown").to_owned()
}
