//! nginx in front of a server, as `deploy/nginx.conf` sets it up.

use crate::{
    Certificate, Client, Log, PATIENCE, World, eventually,
    failure::{Place, fail},
    free_port,
    program::signal_with_this_thread,
    setup,
};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use std::{
    fs,
    panic::Location,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};
use tokio::process::{Child, Command};

/// How often another free port is tried: between the search for one and its use, another program may take it.
const TRIES: usize = 5;

/// nginx with the shipped configuration, on ports and with files of the test. It ends when this is dropped.
#[derive(Debug)]
pub struct Nginx {
    world: World,
    certificate: Certificate,
    child: Child,
    folder: PathBuf,
    ports: Ports,
}

/// Where nginx listens, on the loopback.
#[derive(Debug, Clone, Copy)]
struct Ports {
    http: u16,
    https: u16,
}

impl Nginx {
    /// Starts it in front of `server`, which is host and port. Nobody need listen there yet.
    #[track_caller]
    pub fn in_front_of(world: &World, server: &str) -> impl Future<Output = Self> {
        Self::start(world.clone(), server.to_owned(), Location::caller())
    }

    async fn start(world: World, server: String, place: Place) -> Self {
        let (folder, certificate) = (world.new_folder("nginx"), Certificate::new());
        for name in ["log", "tmp"] {
            fs::create_dir(folder.join(name)).expect("a folder in the test's own");
        }
        write(&folder, "certificate.pem", &certificate.certificate);
        write(&folder, "key.pem", &certificate.key);
        for _ in 0..TRIES {
            let ports = Ports { http: free_port(), https: free_port() };
            write(&folder, "documents.conf", &site(&folder, &server, ports));
            write(&folder, "nginx.conf", &around(&folder));
            let mut command = command(&folder);
            command.kill_on_drop(false).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
            // a master that is killed leaves its workers behind
            signal_with_this_thread(&mut command, Signal::TERM);
            let mut child = command.spawn().unwrap_or_else(|error| fail(place, format!("nginx: {error}")));
            let log = Log::follow(child.stderr.take().expect("standard error is piped"));
            world.watch("nginx", Log::of(""), log.clone());
            // written once all sockets are open: until then somebody else may answer at a port
            let started = folder.join("nginx.pid");
            let listens = eventually("nginx listens", async || started.exists().then_some(()));
            tokio::select! {
                biased;
                ended = child.wait() => {
                    assert!(log.ended().await, "what nginx said is known after its end");
                    let said = log.lines().join("\n");
                    if !said.contains("Address already in use") {
                        fail(place, format!("nginx ended, {ended:?}: {said}"));
                    }
                }
                () = listens => return Self { world, certificate, child, folder, ports },
            }
        }
        fail(place, format!("nginx found no free ports {TRIES} times"))
    }

    /// Where people find the server: `https://127.0.0.1:4000`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.ports.https)
    }

    /// The same without encryption.
    #[must_use]
    pub fn plain_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.http)
    }

    /// What it shows of itself.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// A person who comes this way, and trusts the certificate. The same name is the same person.
    pub async fn client(&self, name: &str) -> Client {
        let client = Client::new(self.world.driver().await, name, &self.url());
        client.trust(&self.certificate.certificate).await;
        client
    }

    /// What it wrote down: each request on a line, and what went wrong.
    #[must_use]
    pub fn logged(&self) -> String {
        let read = |name| fs::read_to_string(self.folder.join("log").join(name)).unwrap_or_default();
        read("documents.log") + &read("documents-error.log")
    }

    /// The processes that serve, those included that only finish what they have.
    #[must_use]
    pub fn workers(&self) -> Vec<u32> {
        let Some(master) = self.child.id() else { return Vec::new() };
        let children = fs::read_to_string(format!("/proc/{master}/task/{master}/children")).unwrap_or_default();
        children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
    }

    /// Has it read its configuration again, and waits for the new worker.
    pub async fn reload(&self) {
        let before = self.workers();
        self.signal(Signal::HUP);
        eventually("a new worker serves", async || {
            self.workers().iter().any(|worker| !before.contains(worker)).then_some(())
        })
        .await;
    }

    fn signal(&self, signal: Signal) {
        if let Some(master) = self.child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())) {
            // it may have ended
            let _ = kill_process(master, signal);
        }
    }
}

impl Drop for Nginx {
    /// The master ends its workers, and then itself.
    fn drop(&mut self) {
        let Some(master) = self.child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())) else { return };
        self.signal(Signal::TERM);
        let end = Instant::now() + PATIENCE;
        while matches!(waitpid(Some(master), WaitOptions::NOHANG), Ok(None)) && Instant::now() < end {
            thread::sleep(Duration::from_millis(10));
        }
        self.world.watch("nginx, which serves people", Log::of(&self.logged()), Log::of(""));
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(setup::nginx());
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).args(["-e", "stderr"]);
    command
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("a file in the test's own folder");
}

/// The shipped configuration with the addresses and files of a test, and no other change.
fn site(folder: &Path, server: &str, ports: Ports) -> String {
    let shipped = fs::read_to_string(setup::root().join("deploy/nginx.conf")).expect("the shipped configuration");
    let folder = folder.display();
    let changes = [
        ("    listen [::]:80;\n", String::new()),
        ("    listen [::]:443 ssl http2;\n", String::new()),
        ("listen 80;", format!("listen 127.0.0.1:{};", ports.http)),
        ("listen 443 ssl", format!("listen 127.0.0.1:{} ssl", ports.https)),
        ("server 127.0.0.1:3000;", format!("server {server};")),
        ("/etc/ssl/documents/", format!("{folder}/")),
        ("/var/log/nginx/", format!("{folder}/log/")),
    ];
    changes.iter().fold(shipped, |text, (from, to)| {
        assert!(text.contains(from), "deploy/nginx.conf has no {from:?}");
        text.replace(from, to)
    })
}

/// What Debian's `nginx.conf` says around it, as far as it matters.
fn around(folder: &Path) -> String {
    let user = if rustix::process::geteuid().is_root() { "user root;\n" } else { "" };
    let folder = folder.display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {folder}/tmp/{kind};\n"));
    format!(
        "{user}daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log stderr;\n\
         events {{ worker_connections 768; }}\n\
         http {{\nsendfile on;\ntcp_nopush on;\ndefault_type application/octet-stream;\ngzip on;\naccess_log off;\n\
         {}include {folder}/documents.conf;\n}}\n",
        temporary.concat()
    )
}
