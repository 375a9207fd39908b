//! `config`: the settings in force, where they come from, and no secrets.

use lambdio_tests::{Program, World, trials};
use serde_json::Value;

trials![
    each_value_says_where_it_comes_from,
    a_key_or_a_table_may_be_asked_for_alone,
    a_wrong_key_leads_to_the_right_one,
    what_is_written_somewhere_may_be_asked_for_alone,
    settings_count_before_and_after_the_command,
    secrets_are_not_shown,
    settings_of_the_application_are_shown_where_it_has_declared_them,
    what_is_printed_may_be_pasted,
];

/// What the program prints.
async fn shown(program: Program) -> String {
    let ended = program.run().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    ended.stdout
}

async fn each_value_says_where_it_comes_from(world: World) {
    let program = world
        .probe()
        .file("config/default.toml", "[server]\nmax_connections = 5\nheader_timeout = \"1m\"\n")
        .file("config/local.toml", "\n[server]\nmax_connections = 6\n")
        .set("server.trusted_proxies=[\"10.0.0.0/8\"]")
        .args(["config", "server"]);
    let text = shown(program).await;
    assert_eq!(text.lines().next(), Some("[server]"));
    for line in [
        "max_connections = 6  # config/local.toml:3",
        "header_timeout = \"1m\"  # config/default.toml:3",
        "port = 0  # LAMBDIO__SERVER__PORT",
        "trusted_proxies = [\"10.0.0.0/8\"]  # --set",
        "body_timeout = \"30s\"  # built-in default",
    ] {
        assert!(text.lines().any(|found| found == line), "{line:?} is missing in: {text}");
    }
}

async fn a_key_or_a_table_may_be_asked_for_alone(world: World) {
    let config = |key: &'static str| shown(world.documents().args(["config", key]));
    let length = config("events.queue_length").await;
    assert!(length.starts_with("events.queue_length = 4096  # config/default.toml:"), "{length}");
    assert_eq!(config("server.tls").await.trim(), "# server.tls is not set");
    let handler = config("handlers.\"/documents\".cursor").await;
    assert!(handler.starts_with("[handlers.\"/documents\".cursor]\n"), "{handler}");
    assert!(handler.contains("per_socket = \"20/s\"  # config/default.toml:"), "{handler}");
    let nobody = config("handlers.\"/documents\".nobody").await;
    assert_eq!(nobody.trim(), "# handlers.\"/documents\".nobody is not set");
}

async fn a_wrong_key_leads_to_the_right_one(world: World) {
    for (key, message) in [
        ("server.prot", "there is no key server.prot; did you mean server.port?"),
        ("prot", "there is no key prot"),
        ("queue_length", "there is no key queue_length; did you mean events.queue_length?"),
        ("server.port.number", "server.port is no table"),
        ("a b", "\"a b\" is not a key"),
    ] {
        let ended = world.probe().args(["config", key]).run().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{key}");
        assert!(ended.stderr.starts_with(&format!("error: {message}")), "{}", ended.stderr);
    }
}

async fn what_is_written_somewhere_may_be_asked_for_alone(world: World) {
    let program = world.probe().file("config/local.toml", "events.timeout = \"2s\"\n");
    let text = shown(program.args(["config", "--changed"])).await;
    assert!(text.starts_with("[events]\ntimeout = \"2s\"  # config/local.toml:1\n\n"), "{text}");
    assert!(text.contains("[server]\nport = 0  # LAMBDIO__SERVER__PORT\n"), "{text}");
    assert!(!text.contains("built-in default"), "{text}");
    assert_eq!(shown(world.probe().args(["config", "mongo", "--changed"])).await.trim(), "# nothing is set");
}

async fn settings_count_before_and_after_the_command(world: World) {
    let program = world.probe().set("events.timeout=1s").args(["config", "events", "--changed"]);
    let text = shown(program.set("events.queue_length=7")).await;
    assert_eq!(text.trim(), "[events]\nqueue_length = 7  # --set\ntimeout = \"1s\"  # --set");
}

async fn secrets_are_not_shown(world: World) {
    // the harness searches all output for them, too
    let program = || {
        world
            .members()
            .set("mongo.uri=mongodb://ada:hunter2-hunter2@127.0.0.1:1/?tls=false")
            .set("auth.keys=[{ id = \"first\", key = \"hunter2 hunter2 hunter2 hunter2 hunter2\" }]")
            .set("app.mailer.password=hunter2-hunter2")
            .set("app.mailer.server=mail.example.org")
    };
    let text = shown(program().args(["config"])).await;
    for part in ["# uri is not shown  # --set", "# key is not shown", "[[auth.keys]]", "id = \"first\""] {
        assert!(text.contains(part), "{part:?} is missing in: {text}");
    }
    assert!(text.contains("# server is not shown"), "its type is not declared: {text}");
    for arguments in [["config", "--json"], ["config", "mongo.uri"], ["config", "auth.keys"], ["config", "app.mailer"]]
    {
        let text = shown(program().args(arguments)).await;
        assert!(!text.contains("hunter2") && !text.contains("example.org"), "{text}");
    }
    let harmless = shown(world.probe().set("mongo.uri=mongodb://db.example.org/").args(["config", "mongo.uri"])).await;
    assert_eq!(harmless.trim(), "mongo.uri = \"mongodb://db.example.org/\"  # --set");
}

async fn settings_of_the_application_are_shown_where_it_has_declared_them(world: World) {
    let text = shown(world.documents().set("app.documents.max_people=7").args(["config", "app"])).await;
    assert!(text.contains("max_people = 7  # --set"), "{text}");
    assert!(text.contains("read_only = false  # config/default.toml:"), "{text}");
    let bare = world.documents().file("config/default.toml", "").args(["config", "app.documents.max_documents"]);
    assert_eq!(shown(bare).await.trim(), "app.documents.max_documents = 500  # built-in default");
}

async fn what_is_printed_may_be_pasted(world: World) {
    let values = |json: String| {
        let all: serde_json::Map<String, Value> = serde_json::from_str(&json).expect("an object");
        all.into_iter().map(|(key, entry)| (key, entry["value"].clone())).collect::<Vec<_>>()
    };
    let program = |name: &'static str| {
        world.documents().set("server.tls={ cert_file = \"a.pem\", key_file = \"a.key\" }").args(["config", name])
    };
    let printed = shown(program("--changed")).await;
    let first = values(shown(program("--json")).await);
    let pasted = world.probe().file("config/local.toml", &printed).args(["config", "--json"]);
    // the probe has no documents, which only a start minds
    let second = values(shown(pasted).await);
    let differing = |(key, _): &&(String, Value)| !key.starts_with("app.") && key != "mongo.uri";
    assert_eq!(first.iter().filter(differing).collect::<Vec<_>>(), second.iter().filter(differing).collect::<Vec<_>>());
}
