//! A program with its settings.

use crate::{Log, PATIENCE, Server, World, failure::Place, failure::fail, setup};
use futures_util::future::{BoxFuture, FutureExt};
use rustix::process::{Resource, Rlimit, Signal, setrlimit};
use std::{
    fs,
    future::IntoFuture,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
    time::timeout,
};

/// How long a start may take: an embedded database that was killed reads its journal first.
const STARTUP: Duration = Duration::from_secs(30);

/// A program under test with its settings. Await it and it is a [`Server`]; [`run`](Self::run) waits for its end.
///
/// It starts in a folder of its own, where it finds no configuration unless [`file`](Self::file) puts one there. A clone is
/// the same program in the same folder: to be started when the first one has ended.
#[derive(Clone, Debug)]
#[must_use = "nothing is started until this is awaited"]
pub struct Program {
    world: World,
    name: String,
    folder: PathBuf,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    without: Vec<String>,
    with_database: bool,
    files: Option<u64>,
    input: Option<String>,
    installed: Option<PathBuf>,
    log: Reader,
    place: Place,
}

/// What becomes of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    Reads,
    Sleeps,
    Gone,
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// What it printed to standard output.
    pub stdout: String,
    /// What it printed to standard error.
    pub stderr: String,
}

impl Program {
    pub(crate) fn new(world: &World, name: &str, place: Place) -> Self {
        let folder = world.new_folder(name);
        let program = Self {
            world: world.clone(),
            name: name.to_owned(),
            folder,
            arguments: Vec::new(),
            variables: Vec::new(),
            without: Vec::new(),
            with_database: false,
            files: None,
            input: None,
            installed: None,
            log: Reader::Reads,
            place,
        };
        program
            .env("LAMBDIO__SERVER__PORT", "0")
            .env("LAMBDIO__METRICS__PORT", "0")
            .env("LAMBDIO__LOG__LEVEL", "info,lambdio=debug")
            // a test says when
            .env("LAMBDIO__RELOAD__WATCH", "false")
    }

    /// Adds `--set KEY=VALUE`.
    pub fn set(self, key_and_value: &str) -> Self {
        self.args(["--set", key_and_value])
    }

    /// Adds arguments, after all that are there.
    pub fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        for argument in arguments {
            self.world.secrets().argument(argument);
            self.arguments.push(argument.to_owned());
        }
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.world.secrets().variable(name, value);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves out an environment variable that is set without being asked for, such as the port's: files are heard then.
    pub fn without_env(mut self, name: &str) -> Self {
        self.without.push(name.to_owned());
        self
    }

    /// Puts a file into the folder the program starts in, such as `config/local.toml`.
    pub fn file(self, path: &str, text: &str) -> Self {
        let path = self.folder.join(path);
        self.world.secrets().file(&path, text);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        if let Err(error) = written {
            fail(self.place, format!("{}: {error}", path.display()));
        }
        self
    }

    /// Gives the program the test's database.
    pub fn with_database(mut self) -> Self {
        self.with_database = true;
        self
    }

    /// Lets the program have this many files open, connections included, and no more.
    pub fn limit_of_files(mut self, files: u64) -> Self {
        self.files = Some(files);
        self
    }

    /// Gives the program this on its standard input, where [`run`](Self::run) waits for its end.
    pub fn input(mut self, text: &str) -> Self {
        self.input = Some(text.to_owned());
        self
    }

    /// The same for a password, which nobody may be told.
    pub fn password(self, password: &str) -> Self {
        self.world.secrets().argument(&format!("password={password:?}"));
        self.input(&format!("{password}\n"))
    }

    /// Starts this executable in this folder: a copy of the program, put where operators have it.
    pub fn installed(mut self, executable: &Path, folder: &Path) -> Self {
        self.installed = Some(executable.to_owned());
        folder.clone_into(&mut self.folder);
        self
    }

    /// What is started.
    #[must_use]
    pub fn executable(&self) -> PathBuf {
        self.installed.clone().unwrap_or_else(|| setup::program(&self.name))
    }

    /// Nobody reads its log, which is a pipe that gets full. It is not looked at for secrets.
    pub fn with_unread_log(mut self) -> Self {
        self.log = Reader::Sleeps;
        self
    }

    /// Its log is a pipe whose reader is gone.
    pub fn with_closed_log(mut self) -> Self {
        self.log = Reader::Gone;
        self
    }

    /// The folder the program starts in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts the program and waits for its end, without a server in mind.
    pub async fn run(self) -> Ended {
        let mut command = self.command().await;
        command.stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() });
        let mut child = command.spawn().unwrap_or_else(|error| fail(self.place, format!("{}: {error}", self.name)));
        if let (Some(text), Some(mut stdin)) = (&self.input, child.stdin.take()) {
            // a program may end without having read it
            let _ = stdin.write_all(text.as_bytes()).await;
        }
        match timeout(PATIENCE, child.wait_with_output()).await {
            Ok(Ok(output)) => {
                let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
                let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
                self.world.watch(&self.name, Log::of(&stdout), Log::of(&stderr));
                Ended { code: output.status.code(), stdout, stderr }
            }
            Ok(Err(error)) => fail(self.place, format!("{}: {error}", self.name)),
            Err(_) => fail(self.place, format!("{} {:?} did not end within {PATIENCE:?}", self.name, self.arguments)),
        }
    }

    async fn command(&self) -> Command {
        let mut command = Command::new(self.executable());
        command.args(&self.arguments).current_dir(&self.folder).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // what the person who runs the tests has set for other programs
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LAMBDIO_")) {
            command.env_remove(name);
        }
        if self.with_database {
            let database = self.world.database().await;
            self.world.secrets().variable("LAMBDIO__MONGO__URI", &database.uri);
            command.env("LAMBDIO__MONGO__URI", &database.uri).env("LAMBDIO__MONGO__DATABASE", &database.name);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        for name in &self.without {
            command.env_remove(name);
        }
        if let Some(files) = self.files {
            limit_files(&mut command, files);
        }
        #[cfg(target_os = "linux")]
        end_with_this_thread(&mut command);
        command
    }

    /// Starts the program on this port of the loopback, and does not wait until it is ready.
    pub async fn begin(self, port: u16) -> Server {
        let program = self.env("LAMBDIO__SERVER__PORT", &port.to_string());
        let (child, stdout, stderr) = program.spawn().await;
        Server::new((program.world, program.folder), child, format!("http://127.0.0.1:{port}"), stdout, stderr)
    }

    async fn spawn(&self) -> (Child, Log, Log) {
        let mut command = self.command().await;
        let mut child = command.spawn().unwrap_or_else(|error| fail(self.place, format!("{}: {error}", self.name)));
        let stdout = Log::follow(child.stdout.take().expect("standard output is piped"));
        let stderr = match self.log {
            Reader::Reads => Log::follow(child.stderr.take().expect("standard error is piped")),
            Reader::Sleeps => Log::of(""),
            Reader::Gone => {
                drop(child.stderr.take());
                Log::of("")
            }
        };
        self.world.watch(&self.name, stdout.clone(), stderr.clone());
        (child, stdout, stderr)
    }

    /// Starts the program. The error is how it ended instead of serving.
    ///
    /// # Errors
    /// The program ended before it printed its address.
    pub async fn outcome(self) -> Result<Server, Ended> {
        let (mut child, stdout, stderr) = self.spawn().await;
        let announces = |line: &str| announced_address(line).is_some();
        tokio::select! {
            line = stdout.find_within(STARTUP, announces) => match line.as_deref().and_then(announced_address) {
                Some(url) => Ok(Server::new((self.world, self.folder), child, url, stdout, stderr)),
                None => fail(self.place, format!("{} {:?} did not print its address", self.name, self.arguments)),
            },
            ended = child.wait() => match ended {
                Ok(status) => Err(Ended { code: status.code(), stdout: stdout.whole().await, stderr: stderr.whole().await }),
                Err(error) => fail(self.place, format!("{}: {error}", self.name)),
            },
        }
    }

    async fn start(self) -> Server {
        let (place, what) = (self.place, format!("{} {:?}", self.name, self.arguments));
        let server = self.outcome().await;
        server.unwrap_or_else(|ended| fail(place, format!("{what} ended instead of starting: {:?}", ended.code)))
    }
}

/// Has the kernel kill the program when the test's thread ends: a run that is killed leaves nothing behind.
#[cfg(target_os = "linux")]
pub fn end_with_this_thread(command: &mut Command) {
    signal_with_this_thread(command, Signal::KILL);
}

/// The same with another signal, for a program that has to end others.
#[cfg(target_os = "linux")]
pub(crate) fn signal_with_this_thread(command: &mut Command, signal: Signal) {
    let arm = move || Ok(rustix::process::set_parent_process_death_signal(Some(signal))?);
    // SAFETY: between fork and exec only async-signal-safe calls are allowed, and `arm` makes one system call.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(arm);
    }
}

fn limit_files(command: &mut Command, files: u64) {
    let limit = Rlimit { current: Some(files), maximum: Some(files) };
    let lower = move || Ok(setrlimit(Resource::Nofile, limit)?);
    // SAFETY: between fork and exec only async-signal-safe calls are allowed, and `lower` makes one system call.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(lower);
    }
}

/// The address in one line of what a server prints at its start: in `address   http://127.0.0.1:1`, or in
/// `{"address":"http://127.0.0.1:1"}`.
#[must_use]
pub fn announced_address(line: &str) -> Option<String> {
    if let Some(address) = line.strip_prefix("address ") {
        return Some(address.trim().to_owned());
    }
    let announced: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(announced.get("address")?.as_str()?.to_owned())
}

impl IntoFuture for Program {
    type Output = Server;
    type IntoFuture = BoxFuture<'static, Server>;

    fn into_future(self) -> Self::IntoFuture {
        self.start().boxed()
    }
}
