//! `check`: it finds what a server would refuse, and changes nothing.

use crate::listener::with_tls;
use lambdio_tests::{Certificate, Program, World, root, trials};
use std::{fs, net::TcpListener};

trials![
    check_says_what_a_server_would_refuse_of_its_handlers,
    check_connect_says_what_the_database_and_the_application_refuse,
    everything_that_is_wrong_is_said_at_once,
    check_says_what_it_looked_at_and_creates_nothing,
    check_runs_beside_a_server_and_takes_its_port_only_if_told,
    an_address_of_another_machine_is_found_without_taking_a_port,
    the_database_is_asked_only_if_told,
    an_embedded_database_is_looked_for_and_not_started,
    a_certificate_that_has_expired_is_a_warning,
    what_the_pages_say_of_set_may_be_set,
];

/// The error that a program ends with.
async fn error(program: Program) -> String {
    let ended = program.run().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{}", ended.stderr);
    let at = ended.stderr.find("error: ").unwrap_or_else(|| panic!("no error: {}", ended.stderr));
    // the driver's labels are a set, in any order
    ended.stderr[at..].split("labels:").next().unwrap_or_default().to_owned()
}

/// The server and `check` say the same, with this part.
async fn both_refuse(program: Program, check: &[&str], part: &str) {
    let refused = error(program.clone()).await;
    assert!(refused.contains(part), "{part:?} is missing in: {refused}");
    assert_eq!(error(program.args(check.iter().copied())).await, refused);
}

async fn check_says_what_a_server_would_refuse_of_its_handlers(world: World) {
    // mistakes in the configuration have a table of their own
    let rows = [
        (world.example("duplicate"), "duplicate.rs:5"),
        (world.example("without_handlers"), "use"),
        (world.example("user_without_login"), "4 problems"),
        (world.example("roles_without_login"), "roles"),
        (world.example("middleware_mistakes"), "middleware"),
    ];
    for (program, part) in rows {
        both_refuse(program, &["check"], part).await;
    }
}

async fn check_connect_says_what_the_database_and_the_application_refuse(world: World) {
    let away = world
        .probe()
        .set("auth.accounts.bcrypt_cost=10")
        .set("mongo.uri=mongodb://127.0.0.1:1")
        .set("mongo.startup_timeout=1s")
        .set("mongo.server_selection_timeout=300ms");
    let rows = [
        (world.probe().set("app.probe.broken=true"), "the settings say so"),
        (world.probe().set("app.probe.greetin=hello"), "app.probe.greeting"),
    ];
    for (program, part) in rows {
        both_refuse(program, &["check", "--connect"], part).await;
    }
    // a server waits longer for it than whoever checks
    for program in [away.clone(), away.args(["check", "--connect"])] {
        let ended = program.run().await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains("error: mongo.uri: no answer"), "{ended:?}");
    }
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    both_refuse(world.probe().env("LAMBDIO__SERVER__PORT", &port), &["check", "--bind"], "in use").await;
}

async fn everything_that_is_wrong_is_said_at_once(world: World) {
    let program = world
        .example("user_without_login")
        .set("pages.dir=nowhere")
        .set("server.tls={ cert_file = \"none.pem\", key_file = \"none.key\" }");
    both_refuse(program.clone(), &["check"], "7 problems").await;
    let refused = error(program.args(["check"])).await;
    for part in ["pages.dir: nowhere", "server.tls.cert_file: none.pem", "user_without_login.rs"] {
        assert!(refused.contains(part), "{part:?} is missing in: {refused}");
    }
}

async fn check_says_what_it_looked_at_and_creates_nothing(world: World) {
    let program = world.documents().args(["check"]);
    let folder = program.folder().to_owned();
    let ended = program.run().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines.last(), Some(&"ok"));
    for part in ["profile    development", "address    127.0.0.1:0", "not looked at: the database", "(--bind)"] {
        assert!(lines.iter().any(|line| line.contains(part)), "{part:?} is missing in: {}", ended.stdout);
    }
    let entries = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    assert_eq!(entries.collect::<Vec<_>>(), ["config"]);
}

async fn check_runs_beside_a_server_and_takes_its_port_only_if_told(world: World) {
    let program = world.probe();
    let server = program.clone().await;
    let port = server.address().rsplit(':').next().expect("a port").to_owned();
    let check = || program.clone().env("LAMBDIO__SERVER__PORT", &port);
    assert_eq!(check().args(["check"]).run().await.code, Some(0));
    let taken = error(check().args(["check", "--bind"])).await;
    assert!(taken.contains("server.port") && taken.contains("in use"), "{taken}");
}

async fn an_address_of_another_machine_is_found_without_taking_a_port(world: World) {
    // RFC 5737: for documentation, nobody's
    let program = world.probe().set("server.allow_insecure=true").set("server.host=198.51.100.1");
    let refused = error(program.args(["check"])).await;
    assert!(refused.contains("server.host: 198.51.100.1 is no address of this machine"), "{refused}");
}

async fn the_database_is_asked_only_if_told(world: World) {
    let away = world.documents().set("mongo.uri=mongodb://127.0.0.1:1");
    assert_eq!(away.args(["check"]).run().await.code, Some(0));
    let there = world.documents().args(["check", "--connect"]).run().await;
    assert_eq!(there.code, Some(0), "{}", there.stderr);
    assert!(there.stdout.contains("it answers"), "{}", there.stdout);
    let collections = world.database().await.handle.list_collection_names().await.expect("an answer");
    assert_eq!(collections, [""; 0], "nothing is created");
}

async fn an_embedded_database_is_looked_for_and_not_started(world: World) {
    let program = || world.probe().set("auth.accounts.bcrypt_cost=4").args(["check", "--connect"]);
    let looked = program().set("mongo.embedded.binary=/bin/true").run().await;
    assert_eq!(looked.code, Some(0), "{}", looked.stderr);
    for part in ["/bin/true would be run", "data/mongodb would be created", "it needs the embedded database"] {
        assert!(looked.stdout.contains(part), "{part:?} is missing in: {}", looked.stdout);
    }
    let missing = error(program().set("mongo.embedded.binary=nowhere/mongod")).await;
    assert!(missing.contains("nowhere/mongod"), "{missing}");
    let no_folder = || program().set("mongo.embedded.binary=/bin/true").file("data", "a file");
    let taken = error(no_folder()).await;
    assert!(taken.starts_with("error: mongo.embedded.data_dir: data/mongodb cannot be used: "), "{taken}");
    let key = "auth.keys=[{ id = \"1\", key = \"hunter2 hunter2 hunter2 hunter2 hunter2\" }]";
    let taken = error(no_folder().set(key)).await;
    assert!(taken.starts_with("error: mongo.embedded.data_dir: data/mongodb cannot be used: "), "{taken}");
}

async fn a_certificate_that_has_expired_is_a_warning(world: World) {
    let ended = with_tls(world.probe(), &Certificate::expired()).args(["check"]).run().await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("has expired"), "{}", ended.stderr);
}

async fn what_the_pages_say_of_set_may_be_set(world: World) {
    let mut examples = 0;
    for page in ["README.md", "config/default.toml", "docs/configuration.md"] {
        let text = fs::read_to_string(root().join(page)).expect("a page");
        for (_, rest) in text.match_indices("--set ").map(|(at, word)| text.split_at(at + word.len())) {
            let setting = match rest.strip_prefix('\'') {
                Some(quoted) => quoted.split('\'').next(),
                None => rest.split(['`', ' ', '\n']).next(),
            };
            let setting = setting.expect("a setting");
            let ended = world.documents().set(setting).args(["check"]).run().await;
            assert_eq!(ended.code, Some(0), "{page}: --set {setting}: {}", ended.stderr);
            examples += 1;
        }
    }
    assert!(examples >= 3, "{examples}");
}
