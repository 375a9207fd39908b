//! Starting, and the command line.

use lambdio_tests::{World, free_port, trials};
use serde_json::{Value, json};

trials![
    the_reference_application_starts_as_shipped,
    accounts_work_over_http,
    a_namespace_that_asks_for_a_login_refuses_who_has_none,
    the_environment_sets_the_port,
    set_wins_over_the_environment_and_the_environment_over_files,
    the_application_s_own_settings_are_read,
    handlers_are_listed,
    handlers_are_listed_as_json,
    a_configuration_folder_may_stand_before_the_subcommand,
    help_and_version_are_no_failures,
    the_log_may_be_json,
];

async fn the_reference_application_starts_as_shipped(world: World) {
    let documents = world.documents().await;
    documents.stdout().line_with(["profile", "development"]).await;
    let page = documents.client("ada").await.get("/").await;
    assert_eq!(page.status, 200);
}

async fn accounts_work_over_http(world: World) {
    let documents = world.documents().await;
    let (ada, bob) = (documents.client("ada").await, documents.client("bob").await);
    let unknown = ada.get("/auth/me").await;
    assert_eq!((unknown.status, unknown.error().code.as_str()), (401, "unauthenticated"));
    let registered = ada.post("/auth/register", json!({"name": "Ada", "password": "correct horse"})).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    assert_eq!(ada.get("/auth/me").await.json["name"], "Ada");
    assert_eq!(bob.get("/auth/me").await.status, 401, "Bob has cookies of his own");
    let stolen = bob.post("/auth/login", json!({"name": "Ada", "password": "wrong horse!"})).await;
    assert_eq!(stolen.status, 401, "{stolen:?}");
    let socket = ada.connect("/documents").await;
    assert!(socket.state().await.connected);
    let accounts = world.database().await.handle.collection::<Value>("lambdio_accounts");
    assert_eq!(accounts.estimated_document_count().await.expect("a count"), 1);
    ada.post("/auth/logout", json!({})).await;
    assert_eq!(ada.get("/auth/me").await.status, 401);
}

async fn a_namespace_that_asks_for_a_login_refuses_who_has_none(world: World) {
    let documents = world.documents().await;
    let ada = documents.client("ada").await;
    assert_eq!(ada.connect("/documents").refused().await.message, "unauthenticated");
    assert_eq!(ada.connect("/documents").auth(json!({"token": "x.y.z"})).refused().await.message, "unauthenticated");
}

async fn the_environment_sets_the_port(world: World) {
    let port = free_port();
    let probe = world.probe().env("LAMBDIO__SERVER__PORT", &port.to_string()).await;
    assert_eq!(probe.address(), format!("127.0.0.1:{port}"));
    assert_eq!(probe.client("ada").await.get("/greeting").await.status, 200);
}

async fn set_wins_over_the_environment_and_the_environment_over_files(world: World) {
    let file = "[app.probe]\ngreeting = \"from the file\"\n";
    let greeting = async |program: lambdio_tests::Program| {
        let probe = program.await;
        probe.client("ada").await.get("/greeting").await.json
    };
    let variable = "LAMBDIO__APP__PROBE__GREETING";
    let program = || world.probe().file("config/default.toml", file);
    assert_eq!(greeting(program()).await, "from the file");
    assert_eq!(greeting(program().env(variable, "from the environment")).await, "from the environment");
    let program = program().env(variable, "from the environment").set("app.probe.greeting=from the command line");
    assert_eq!(greeting(program).await, "from the command line");
}

async fn the_application_s_own_settings_are_read(world: World) {
    let probe = world.probe().file("config/local.toml", "[app.probe]\ngreeting = \"hello\"\n").await;
    assert_eq!(probe.client("ada").await.get("/greeting").await.json, "hello");
    let ended = world.probe().file("config/local.toml", "[app.probe]\ngreetin = \"hello\"\n").run().await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("app.probe.greetin"), "{}", ended.stderr);
    assert!(ended.stderr.contains("app.probe.greeting"), "the nearest key is named: {}", ended.stderr);
}

async fn handlers_are_listed(world: World) {
    let listed = world.probe().args(["handlers"]).run().await;
    assert_eq!((listed.code, listed.stderr.as_str()), (Some(0), ""));
    let has = |parts: [&str; 3]| listed.stdout.lines().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(has(["/payloads text", "text", "payloads.rs:"]), "{}", listed.stdout);
    assert!(has(["GET /errors/edit/{document}", "get_edit", "errors.rs:"]), "{}", listed.stdout);
    assert!(has(["/life (disconnect)", "depart", "life.rs:"]), "{}", listed.stdout);
}

async fn handlers_are_listed_as_json(world: World) {
    let listed = world.probe().args(["handlers", "--json"]).run().await;
    assert_eq!((listed.code, listed.stderr.as_str()), (Some(0), ""));
    let list: Vec<Value> = serde_json::from_str(&listed.stdout).expect("a JSON array");
    let find = |event: &str| list.iter().find(|line| line["namespace"] == "/payloads" && line["event"] == event);
    let text = find("text").expect("the handler is listed");
    assert!(text["file"].as_str().is_some_and(|file| file.ends_with("payloads.rs")), "{text}");
    let line = text["line"].as_u64().and_then(|line| usize::try_from(line).ok()).expect("a line");
    let source = include_str!("../../examples/probe/payloads.rs").lines().nth(line - 1).expect("the line is there");
    assert!(source.contains("event = \"text\""), "line {line} is {source:?}");
    for line in &list {
        let named = line["event"].is_string() || line["path"].is_string() || line["kind"] != "handler";
        assert!(named && line["function"].is_string(), "{line}");
    }
}

async fn a_configuration_folder_may_stand_before_the_subcommand(world: World) {
    let broken =
        |arguments: [&'static str; 3]| world.probe().file("elsewhere/default.toml", "[server\n").args(arguments).run();
    for arguments in [["--config", "elsewhere", "handlers"], ["handlers", "--config", "elsewhere"]] {
        let ended = broken(arguments).await;
        assert_eq!(ended.code, Some(1), "{arguments:?} reads the folder");
        assert!(ended.stderr.contains("default.toml:1"), "{}", ended.stderr);
    }
    let ended = world.probe().args(["--config", "nowhere", "handlers"]).run().await;
    assert_eq!(ended.code, Some(1), "a folder that was named has to be there");
    assert!(ended.stderr.contains("nowhere"), "{}", ended.stderr);
}

async fn help_and_version_are_no_failures(world: World) {
    for argument in ["--help", "--version"] {
        let ended = world.probe().args([argument]).run().await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{argument}");
        assert!(!ended.stdout.is_empty());
    }
    let ended = world.probe().args(["--no-such-option"]).run().await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("--no-such-option"), "{}", ended.stderr);
}

async fn the_log_may_be_json(world: World) {
    let probe = world.probe().set("log.format=json").await;
    let socket = probe.client("ada").await.connect("/errors").await;
    let error = socket.ask_error("secret", json!([])).await;
    let line = probe.log_contains(&error.id).await;
    let line: Value = serde_json::from_str(&line).expect("a JSON object a line");
    assert_eq!(
        (&line["level"], &line["outcome"], &line["event"]),
        (&json!("ERROR"), &json!("internal"), &json!("secret"))
    );
    assert!(line["cause"].as_str().is_some_and(|cause| cause.contains("hunter2")), "{line}");
}
