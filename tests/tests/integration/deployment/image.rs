//! `deploy/Dockerfile`, as far as that can be seen without Docker: that its build has what it needs, and that what it makes
//! serves. Its base images and its commands as such are not tried.

use super::shipped;
use lambdio_tests::{Program, World, root, trials};
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

trials![
    a_parser_finds_nothing_wrong_with_the_dockerfile,
    the_build_has_all_that_cargo_asks_for,
    the_toolchain_is_that_of_the_repository,
    what_is_in_the_image_serves_and_its_health_check_sees_that,
];

#[derive(Deserialize)]
struct Dockerfile {
    problems: Vec<String>,
    instructions: Vec<Instruction>,
}

#[derive(Debug, Deserialize)]
struct Instruction {
    keyword: String,
    flags: Vec<String>,
    arguments: Vec<String>,
    text: String,
    variables: BTreeMap<String, String>,
}

impl Dockerfile {
    /// As the parser of editors reads it.
    fn read() -> Self {
        let client = root().join("tests/client");
        lambdio_tests::npm_packages(&client);
        let file = fs::File::open(root().join("deploy/Dockerfile")).expect("it is shipped");
        let read = Command::new("node").arg(client.join("dockerfile.mjs")).stdin(Stdio::from(file)).output();
        let read = read.expect("node can be run");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        serde_json::from_slice(&read.stdout).expect("what the parser says")
    }

    /// The instructions of the stage that builds, and those of the image.
    fn stages(&self) -> [&[Instruction]; 2] {
        let stages: Vec<_> = self.instructions.split(|instruction| instruction.keyword == "FROM").skip(1).collect();
        stages.try_into().expect("two stages")
    }
}

fn find<'a>(stage: &'a [Instruction], keyword: &str) -> &'a Instruction {
    stage.iter().find(|instruction| instruction.keyword == keyword).unwrap_or_else(|| panic!("there is no {keyword}"))
}

impl Instruction {
    /// The JSON array at the end: a command as its words.
    fn command(&self) -> Vec<String> {
        let begin = self.text.find('[').expect("a command in JSON");
        serde_json::from_str(&self.text[begin..]).expect("a JSON array")
    }
}

/// Whether the build may have this file: the last line of the ignore file that fits it decides.
fn is_in_context(path: &Path) -> bool {
    let mut is_in = true;
    for line in shipped("deploy/Dockerfile.dockerignore").lines().filter(|line| !line.starts_with('#')) {
        if line == "*" {
            is_in = false;
        } else if let Some(kept) = line.strip_prefix('!') {
            is_in |= path.starts_with(kept);
        } else if let Some(name) = line.strip_prefix("**/") {
            is_in &= !path.iter().any(|part| part == name);
        } else {
            panic!("this test does not know the pattern {line:?}");
        }
    }
    is_in
}

/// Does what a COPY does, from the build's context into a folder that stands for the stage's working directory.
fn copy(arguments: &[String], folder: &Path) {
    let (to, sources) = arguments.split_last().expect("where to");
    for source in sources {
        let from = root().join(source);
        assert!(from.exists() && is_in_context(Path::new(source)), "COPY {source}: it is not in the build's context");
        let name = from.file_name().expect("a name");
        let target = if to.ends_with('/') { folder.join(to).join(name) } else { folder.join(to) };
        copy_tree(&from, &target);
    }
}

fn copy_tree(from: &Path, to: &Path) {
    if !is_in_context(from.strip_prefix(root()).expect("it is in the repository")) {
        return;
    }
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder in the test's own");
        for entry in fs::read_dir(from).expect("a folder").flatten() {
            copy_tree(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder in the test's own");
        fs::copy(from, to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
}

fn folder(world: &World, name: &str) -> PathBuf {
    let folder = world.dir().join(name);
    fs::create_dir(&folder).expect("a folder in the test's own");
    folder
}

async fn a_parser_finds_nothing_wrong_with_the_dockerfile(_: World) {
    let dockerfile = Dockerfile::read();
    assert_eq!(dockerfile.problems, [""; 0]);
    let [_, image] = dockerfile.stages();
    let user = find(image, "USER").arguments.concat();
    assert!(user != "root" && find(image, "RUN").arguments.contains(&user), "a user of its own");
    let port = lambdio::config::Settings::default().server.port;
    assert_eq!(find(image, "EXPOSE").arguments, [port.to_string()]);
}

async fn the_build_has_all_that_cargo_asks_for(world: World) {
    let dockerfile = Dockerfile::read();
    let [build, _] = dockerfile.stages();
    let source = folder(&world, "source");
    for instruction in build.iter().filter(|instruction| instruction.keyword == "COPY") {
        copy(&instruction.arguments, &source);
    }
    for secret in ["data", "config/local.toml", "target", ".git"] {
        assert!(!is_in_context(Path::new(secret)), "{secret}");
    }
    let command = find(build, "RUN").arguments.join(" ");
    let expected = "cargo build --release --locked --package handlers --bin documents";
    assert!(command.starts_with(expected), "{command}");
    // what a build reads first: each manifest with the files that it names, and the lock file, which has to fit; crates
    // for other platforms have perhaps never been here
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", "host-tuple"])
        .current_dir(&source)
        .output();
    let metadata = metadata.expect("cargo can be run");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    for module in ["handlers/src/main.rs", "handlers/src/lib.rs", "runtime/src/lib.rs", "macros/src/lib.rs"] {
        assert!(source.join(module).is_file(), "{module}");
    }
}

async fn the_toolchain_is_that_of_the_repository(_: World) {
    let dockerfile = Dockerfile::read();
    let from = find(&dockerfile.instructions, "FROM");
    let toolchain: toml::Table = toml::from_str(&shipped("rust-toolchain.toml")).expect("it is TOML");
    let channel = toolchain["toolchain"]["channel"].as_str().expect("a version");
    assert_eq!(from.arguments[0], format!("rust:{channel}-slim-bookworm"));
}

/// The image as a folder: its files, and its program with its environment.
fn image(world: &World, program: Program) -> (Program, Vec<String>) {
    let dockerfile = Dockerfile::read();
    let [_, image] = dockerfile.stages();
    let folder = folder(world, "image");
    for instruction in image.iter().filter(|instruction| instruction.keyword == "COPY") {
        match &instruction.flags[..] {
            [] => copy(&instruction.arguments, &folder),
            [from] if from == "from=build" => {
                fs::copy(program.executable(), folder.join(&instruction.arguments[1])).expect("the program was built");
            }
            flags => panic!("this test does not know {flags:?}"),
        }
    }
    let key = folder.join("token-key");
    fs::write(&key, "correct horse battery staple, in an image").expect("a file in the test's own folder");
    let [entry] = find(image, "ENTRYPOINT").command().try_into().expect("a program without arguments");
    let program = program.installed(&folder.join(entry), &folder);
    let variables = &find(image, "ENV").variables;
    let program = variables.iter().fold(program, |program, (name, value)| {
        program.env(name, &value.replace("/run/secrets/token-key", &key.display().to_string()))
    });
    (program, find(image, "HEALTHCHECK").command())
}

fn run(command: &[String]) -> Output {
    Command::new(&command[0]).args(&command[1..]).output().expect("bash can be run")
}

async fn what_is_in_the_image_serves_and_its_health_check_sees_that(world: World) {
    let program = world.example("documents").with_database();
    let (program, health_check) = image(&world, program);
    let documents = program.set("server.public_urls=[\"https://documents.example.org\"]").await;
    documents.stdout().line_with(["profile", "production"]).await;
    let port = documents.address().strip_prefix("0.0.0.0:").expect("it is reached from outside").to_owned();
    let ada = documents.client("ada").await;
    assert_eq!(ada.get("/").await.status, 200, "the pages are there");
    let account = json!({ "name": "Ada", "password": "correct horse" });
    assert_eq!(ada.post("/auth/register", account).await.status, 201);
    assert!(ada.connect("/documents").await.state().await.connected);

    let health_check: Vec<_> = health_check.iter().map(|word| word.replace("/3000", &format!("/{port}"))).collect();
    let healthy = run(&health_check);
    assert!(healthy.status.success(), "{health_check:?}: {healthy:?}");
    drop(documents);
    lambdio_tests::eventually("it is found dead", async || (!run(&health_check).status.success()).then_some(())).await;
}
