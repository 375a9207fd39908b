//! A program with its settings.

use crate::{Log, PATIENCE, Server, World, failure::Place, failure::fail, setup};
use futures_util::future::{BoxFuture, FutureExt};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::{
    fs,
    future::IntoFuture,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::{process::Command, time::timeout};

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
    with_database: bool,
    files: Option<u64>,
    place: Place,
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
            with_database: false,
            files: None,
            place,
        };
        program.env("LAMBDIO__SERVER__PORT", "0").env("LAMBDIO__LOG__LEVEL", "info,lambdio=debug")
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

    /// The folder the program starts in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts the program and waits for its end, without a server in mind.
    pub async fn run(self) -> Ended {
        let mut command = self.command().await;
        let child = command.spawn().unwrap_or_else(|error| fail(self.place, format!("{}: {error}", self.name)));
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
        let mut command = Command::new(setup::program(&self.name));
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
        if let Some(files) = self.files {
            limit_files(&mut command, files);
        }
        #[cfg(target_os = "linux")]
        end_with_this_thread(&mut command);
        command
    }

    async fn start(self) -> Server {
        let mut command = self.command().await;
        let mut child = command.spawn().unwrap_or_else(|error| fail(self.place, format!("{}: {error}", self.name)));
        let stdout = Log::follow(child.stdout.take().expect("standard output is piped"));
        let stderr = Log::follow(child.stderr.take().expect("standard error is piped"));
        self.world.watch(&self.name, stdout.clone(), stderr.clone());
        let ended = tokio::select! {
            line = stdout.find(|line| line.starts_with("address ")) => match line.as_deref().and_then(address) {
                Some(url) => return Server::new(self.world, child, url, stdout, stderr),
                None => "did not print its address".to_owned(),
            },
            ended = child.wait() => format!("ended instead of starting: {ended:?}"),
        };
        fail(self.place, format!("{} {:?} {ended}", self.name, self.arguments))
    }
}

/// Has the kernel kill the program when the test's thread ends: a run that is killed leaves nothing behind.
#[cfg(target_os = "linux")]
pub fn end_with_this_thread(command: &mut Command) {
    let arm = || Ok(rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?);
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

/// The address in `address   http://127.0.0.1:1`.
fn address(line: &str) -> Option<String> {
    line.split_whitespace().nth(1).map(str::to_owned)
}

impl IntoFuture for Program {
    type Output = Server;
    type IntoFuture = BoxFuture<'static, Server>;

    fn into_future(self) -> Self::IntoFuture {
        self.start().boxed()
    }
}
