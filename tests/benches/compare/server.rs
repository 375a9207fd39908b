//! A server at work.

use crate::{Failure, building::Programs, cores::Cores, database::Database, peers::Peer, token};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs::{self, File},
    io::{Read, Seek},
    net::SocketAddr,
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it may take to end.
const END: Duration = Duration::from_secs(10);

/// What a server's threads have had of their core.
#[derive(Debug, Clone, Copy, Default)]
pub struct Time {
    /// User and system time.
    pub running: Duration,
    /// Able to run, while another thread did.
    pub waiting: Duration,
}

impl Time {
    /// What has passed since.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            running: self.running.saturating_sub(earlier.running),
            waiting: self.waiting.saturating_sub(earlier.waiting),
        }
    }
}

/// A server that listens. It is killed when this is dropped.
pub struct Server {
    child: Child,
    pid: u32,
    address: SocketAddr,
    started_in: Duration,
    /// Kept open: what it prints must not fail.
    _stdout: BufReader<ChildStdout>,
    /// Its log.
    log: File,
    /// Where it starts. Its database is here, if it has one.
    _folder: TempDir,
}

/// What a server needs beside its clients.
pub enum Needs<'a> {
    Nothing,
    /// A login of its clients in the namespace `/private`.
    Login,
    Database(&'a Database),
}

impl Server {
    /// Starts a server on its core and waits until it says where it listens.
    pub async fn start(programs: &Programs, cores: &Cores, peer: Peer, needs: Needs<'_>) -> Result<Self, Failure> {
        let mut command = Command::from(programs.command(peer, matches!(needs, Needs::Database(_)))?);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LAMBDIO_")) {
            command.env_remove(name);
        }
        command.env("BENCH_KEY", token::KEY);
        if matches!(peer, Peer::Lambdio | Peer::Thousand) {
            // the load comes from one address
            command.args([
                "--set",
                "server.port=0",
                "--set",
                "metrics.port=0",
                "--set",
                "server.max_connections_per_address=10000",
            ]);
            if matches!(needs, Needs::Login) {
                // whoever logs clients in keeps accounts, in a database
                command.args([
                    "--set",
                    "namespaces.\"/private\".auth=required",
                    "--set",
                    "auth.accounts.bcrypt_cost=12",
                ]);
                command.env("LAMBDIO__AUTH__KEYS", token::keys());
            }
        }
        if let Needs::Database(database) = needs {
            command.env("LAMBDIO__MONGO__URI", &database.uri).env("LAMBDIO__MONGO__DATABASE", Database::NAME);
            command.env("BENCH_MONGO_URI", &database.uri).env("BENCH_MONGO_DATABASE", Database::NAME);
        }
        // lambdio looks for configuration where it starts, and finds none here
        let folder = tempfile::tempdir()?;
        command.current_dir(folder.path());
        let log = tempfile::tempfile()?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log.try_clone()?).kill_on_drop(true);
        lambdio_tests::end_with_this_thread(&mut command);

        let start = Instant::now();
        let mut child = cores.on_the_servers(|| command.spawn())??;
        let mut stdout = BufReader::new(child.stdout.take().ok_or("standard output is piped")?);
        let address =
            timeout(PATIENCE, address(&mut stdout)).await.map_err(|_| "it does not say where it listens")??;
        let started_in = start.elapsed();
        let pid = child.id().ok_or("it has ended")?;
        Ok(Self { child, pid, address, started_in, _stdout: stdout, log, _folder: folder })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From the start of the process to the line that says where it listens.
    pub fn started_in(&self) -> Duration {
        self.started_in
    }

    /// What its threads have had of their core so far.
    pub fn time(&self) -> Result<Time, Failure> {
        let mut sum = Time::default();
        for thread in fs::read_dir(format!("/proc/{}/task", self.pid))? {
            // a thread may end meanwhile
            let Ok(schedstat) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
            let mut nanoseconds = schedstat.split_whitespace().map(|number| number.parse().map(Duration::from_nanos));
            let mut next = || nanoseconds.next().ok_or("too short a schedstat");
            sum.running += next()??;
            sum.waiting += next()??;
        }
        Ok(sum)
    }

    /// Its proportional set size in bytes.
    pub fn memory(&self) -> Result<u64, Failure> {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.pid))?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).ok_or("no Pss in smaps_rollup")?;
        let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes * 1024)
    }

    /// Ends it and waits for its end.
    pub async fn stop(mut self) -> Result<(), Failure> {
        if let Some(status) = self.child.try_wait()? {
            return Err(format!("the server had ended: {status}; its log: {}", read(&mut self.log)?).into());
        }
        if let Some(pid) = Pid::from_raw(self.pid.cast_signed()) {
            kill_process(pid, Signal::TERM)?;
        }
        match timeout(END, self.child.wait()).await {
            Ok(ended) => ended.map(|_| ())?,
            Err(_) => self.child.kill().await?,
        }
        Ok(())
    }
}

/// The address in the line `address http://127.0.0.1:1`, which every server prints when it listens.
async fn address(stdout: &mut BufReader<ChildStdout>) -> Result<SocketAddr, Failure> {
    let mut said = String::new();
    loop {
        let start = said.len();
        if stdout.read_line(&mut said).await? == 0 {
            return Err(format!("it ends, and has said {said:?}, and no address").into());
        }
        let url = said.get(start..).and_then(lambdio_tests::announced_address);
        if let Some(url) = url {
            let address = url.strip_prefix("http://").ok_or_else(|| format!("{url:?} is no address for this"))?;
            return Ok(address.parse()?);
        }
    }
}

/// All of a log.
fn read(log: &mut File) -> Result<String, Failure> {
    let mut text = String::new();
    log.rewind()?;
    log.read_to_string(&mut text)?;
    Ok(text.trim().to_owned())
}
