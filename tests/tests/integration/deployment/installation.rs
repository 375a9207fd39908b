//! `deploy/install.sh` and the unit: what they make serves, as the unit starts it.

use super::{
    service_manager::Manager,
    shipped,
    unit::{Unit, environment_file},
};
use lambdio_tests::{Program, Server, Signal, World, systemd_analyze, trials};
use serde_json::json;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

trials![
    what_the_unit_starts_serves,
    a_reload_that_would_be_refused_fails,
    a_release_comes_beside_the_others_and_the_way_back_is_a_link,
    secrets_are_readable_for_root_alone,
    systemd_finds_nothing_wrong_with_the_unit,
    the_unit_leaves_little_to_attack,
    the_unit_gives_a_server_the_time_it_takes_to_stop,
];

/// systemd's measure of what a service could do to its machine, from 0 to 10, times ten.
const MOST_EXPOSURE: &str = "15";

const PUBLIC: &str = "https://documents.example.org";

/// A machine's `/`, with what was installed below it.
struct Machine {
    root: PathBuf,
    documents: Program,
}

impl Machine {
    fn new(world: &World) -> Self {
        let root = world.dir().join("machine");
        fs::create_dir(&root).expect("a folder in the test's own");
        // a program of the harness has the test's database below its own variables, so none here
        Self { root, documents: world.example("documents") }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    fn install(&self, release: &str) -> Output {
        let mut script = Command::new(lambdio_tests::root().join("deploy/install.sh"));
        script.arg(release).env("DESTDIR", &self.root).env("BINARY", self.documents.executable());
        script.output().expect("the script can be run")
    }

    fn installed(world: &World, release: &str) -> Self {
        let machine = Self::new(world);
        let output = machine.install(release);
        assert!(output.status.success(), "{output:?}");
        machine
    }

    /// The installed unit, with this machine's paths.
    fn unit(&self) -> String {
        let text = fs::read_to_string(self.path("/etc/systemd/system/documents.service")).expect("it is installed");
        ["/opt/documents", "/etc/lambdio"].iter().fold(text, |text, place| {
            assert!(text.contains(place), "the unit speaks of {place}");
            text.replace(place, &self.path(place).display().to_string())
        })
    }

    fn unit_file(&self) -> PathBuf {
        let path = self.root.join("documents.service");
        fs::write(&path, self.unit()).expect("a file in the test's own folder");
        path
    }

    /// What systemd would start.
    async fn service(&self, world: &World) -> Program {
        self.command(world, &Unit::read(&self.unit()).one("ExecStart")).await
    }

    /// A command of the unit, as systemd would run it.
    async fn command(&self, world: &World, command: &[String]) -> Program {
        let unit = Unit::read(&self.unit());
        let credentials = self.path("/run/credentials/documents.service");
        fs::create_dir_all(&credentials).expect("a folder in the test's own");
        for credential in unit.all("LoadCredential").concat() {
            let (name, path) = credential.split_once(':').expect("ID:PATH");
            fs::copy(path, credentials.join(name)).expect("the credential is there");
        }
        let database = world.database().await;
        let secrets = format!("LAMBDIO__MONGO__URI={}\nLAMBDIO__MONGO__DATABASE={}\n", database.uri, database.name);
        let [file] = unit.one("EnvironmentFile").try_into().expect("one file");
        fs::write(&file, secrets).expect("the file is there");
        let settings = format!("[server]\npublic_urls = [\"{PUBLIC}\"]\n");
        fs::write(self.path("/etc/lambdio/local.toml"), settings).expect("the file is there");

        let folder = unit.one("WorkingDirectory").concat();
        let environment = unit.environment(&credentials);
        let secret = environment_file(&fs::read_to_string(file).expect("the file is there"));
        let documents = self.documents.clone().installed(Path::new(&command[0]), Path::new(&folder));
        let documents = documents.args(command[1..].iter().map(String::as_str));
        environment.iter().chain(&secret).fold(documents, |documents, (name, value)| documents.env(name, value))
    }
}

async fn serves(documents: &Server) {
    let ada = documents.client("ada").await;
    assert_eq!(ada.get("/").await.status, 200, "the pages are where the configuration says");
    let account = json!({ "name": "Ada", "password": "correct horse" });
    let welcome = ada.post("/auth/register", account).header("origin", PUBLIC).await;
    assert_eq!(welcome.status, 201, "{welcome:?}");
    assert!(welcome.headers["set-cookie"].starts_with("__Host-lambdio_token="), "{welcome:?}");
    let socket = ada.connect("/documents").headers(json!({ "origin": PUBLIC })).await;
    assert_eq!(socket.ask("create", json!([{ "title": "A text" }])).await["title"], "A text");
}

async fn what_the_unit_starts_serves(world: World) {
    let machine = Machine::installed(&world, "0.1.0");
    let manager = Manager::new();
    let service = machine.service(&world).await.env("NOTIFY_SOCKET", &manager.path().display().to_string());
    let mut documents = service.await;
    assert_eq!(manager.next().await[0], "READY=1", "which Type=notify waits for");
    documents.stdout().line_with(["profile", "production"]).await;
    serves(&documents).await;
    documents.signal(Signal::TERM);
    assert_eq!(documents.wait_exit().await, Some(0));
}

async fn a_reload_that_would_be_refused_fails(world: World) {
    let machine = Machine::installed(&world, "0.1.0");
    let documents = machine.service(&world).await.await;
    // systemd sends no signal where the command before it fails
    let unit = Unit::read(&machine.unit());
    let [check, signal] = unit.all("ExecReload").try_into().expect("two commands");
    assert_eq!(signal, ["/bin/kill", "-HUP", "$MAINPID"]);
    let start = unit.one("ExecStart");
    assert_eq!((&check[..3], &check[3..]), (&start[..3], &["check".to_owned()][..]));
    let check = machine.command(&world, &check).await;
    let checked = check.clone().run().await;
    assert_eq!(checked.code, Some(0), "beside the server: {}", checked.stderr);
    fs::write(machine.path("/etc/lambdio/local.toml"), "[server]\nprot = 1\n").expect("the file is there");
    let refused = check.run().await;
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    assert!(refused.stderr.contains("local.toml:2: server.prot: unknown key"), "{}", refused.stderr);
    drop(documents);
}

async fn a_release_comes_beside_the_others_and_the_way_back_is_a_link(world: World) {
    let machine = Machine::installed(&world, "first");
    let current = || fs::read_link(machine.path("/opt/documents/current")).expect("a link");
    let key = || fs::read_to_string(machine.path("/etc/lambdio/token-key")).expect("a key");
    let made = key();
    fs::write(machine.path("/etc/lambdio/local.toml"), "# mine\n").expect("the file is there");

    let again = machine.install("first");
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("there is a release first already"), "{again:?}");

    assert!(machine.install("second").status.success());
    assert_eq!(current(), Path::new("second"));
    assert!(machine.path("/opt/documents/first/documents").is_file(), "the old one is still there");
    assert_eq!(fs::read_to_string(machine.path("/etc/lambdio/local.toml")).expect("a file"), "# mine\n");
    assert_eq!(key(), made, "who is logged in stays so");

    // as the script says it
    let back = Command::new("ln").args(["-sfn", "first"]).arg(machine.path("/opt/documents/current")).status();
    assert!(back.expect("ln can be run").success());
    assert_eq!(current(), Path::new("first"));
    let documents = machine.service(&world).await.await;
    serves(&documents).await;
    for name in ["current", "../elsewhere", ".hidden"] {
        assert_eq!(machine.install(name).status.code(), Some(2), "{name}");
    }
}

async fn secrets_are_readable_for_root_alone(world: World) {
    let machine = Machine::installed(&world, "0.1.0");
    let mode = |path: &str| fs::metadata(machine.path(path)).expect("it is there").permissions().mode() & 0o777;
    for secret in ["/etc/lambdio/environment", "/etc/lambdio/token-key"] {
        assert_eq!(mode(secret), 0o600, "{secret}");
    }
    for public in ["local.toml", "default.toml", "production.toml"] {
        assert_eq!(mode(&format!("/etc/lambdio/{public}")), 0o644, "{public}: the service is a user that owns nothing");
    }
    assert_eq!(mode("/opt/documents/current/documents"), 0o755);
    assert_eq!(mode("/opt/documents/current/handlers/public/index.html"), 0o644);
}

async fn systemd_finds_nothing_wrong_with_the_unit(world: World) {
    let machine = Machine::installed(&world, "0.1.0");
    let verify = Command::new(systemd_analyze()).arg("verify").arg(machine.unit_file()).output();
    let verify = verify.expect("systemd-analyze can be run");
    let said = String::from_utf8_lossy(&verify.stderr);
    assert!(verify.status.success() && !said.contains("documents.service"), "{said}");
}

async fn the_unit_leaves_little_to_attack(world: World) {
    let machine = Machine::installed(&world, "0.1.0");
    let threshold = format!("--threshold={MOST_EXPOSURE}");
    let security = Command::new(systemd_analyze())
        .args(["security", "--offline=yes", "--no-pager", &threshold])
        .arg(machine.unit_file())
        .output();
    let security = security.expect("systemd-analyze can be run");
    assert!(security.status.success(), "{}", String::from_utf8_lossy(&security.stdout));
}

async fn the_unit_gives_a_server_the_time_it_takes_to_stop(_: World) {
    let unit = Unit::read(&shipped("deploy/documents.service"));
    let seconds = |key: &str| humantime::parse_duration(&unit.one(key).concat()).expect("a duration");
    let settings = lambdio::config::Settings::default();
    assert!(seconds("TimeoutStopSec") >= settings.server.shutdown_timeout + Duration::from_secs(5));
    let files: u64 = unit.one("LimitNOFILE").concat().parse().expect("a number");
    assert!(files > 2 * u64::from(settings.server.max_connections), "a page may be read for each connection");
}
