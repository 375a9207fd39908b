//! Mistakes at the start: an exit code, one clear error, and nothing listens.

use lambdio_tests::{Ended, Program, World, trials};
use std::net::TcpListener;

trials![
    a_broken_file_is_shown_with_its_line,
    an_unknown_key_leads_to_the_right_one,
    an_unknown_variable_leads_to_the_right_one,
    settings_of_a_handler_that_does_not_exist_lead_to_the_right_one,
    an_unknown_profile_is_told,
    a_port_in_use_is_told,
    two_handlers_for_one_event_are_both_named,
    no_handlers_at_all_is_a_mistake,
    what_handlers_need_and_nobody_offers_is_told_at_once,
    a_folder_of_settings_that_is_not_there_is_told_where_it_may_be_missed,
    a_provider_that_fails_ends_the_start,
    a_database_that_does_not_answer_ends_the_start,
    production_refuses_what_is_unsafe,
    a_key_that_cannot_be_used_is_named_and_not_shown,
];

/// The program ends with a failure and an error with these parts, and says nothing about an address.
async fn expect(program: Program, parts: &[&str]) -> Ended {
    let ended = program.run().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_eq!(ended.stdout, "", "nothing listens");
    assert_eq!(
        ended.stderr.lines().filter(|line| line.starts_with("error: ")).count(),
        1,
        "one error: {}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    for part in parts {
        assert!(ended.stderr.contains(part), "{part:?} is missing in: {}", ended.stderr);
    }
    ended
}

async fn a_broken_file_is_shown_with_its_line(world: World) {
    let text = "[server]\nport = = 1\n";
    expect(world.probe().file("config/default.toml", text), &["default.toml:2", "port = = 1"]).await;
}

async fn an_unknown_key_leads_to_the_right_one(world: World) {
    let text = "[server]\nprot = 1\n[evnets]\ntimeout = \"1s\"\n";
    let parts = ["2 problems", "local.toml:2: server.prot", "server.port", "local.toml:3: evnets", "mean events"];
    expect(world.probe().file("config/local.toml", text), &parts).await;
    expect(world.probe().set("server.prot=1"), &["--set: server.prot", "server.port"]).await;
}

async fn an_unknown_variable_leads_to_the_right_one(world: World) {
    let parts = ["LAMBDIO__SERVER__PROT", "LAMBDIO__SERVER__PORT"];
    expect(world.probe().env("LAMBDIO__SERVER__PROT", "1"), &parts).await;
}

async fn settings_of_a_handler_that_does_not_exist_lead_to_the_right_one(world: World) {
    let program = world.probe().set("handlers.\"/errors\".solw.timeout=1s");
    expect(program, &["/errors", "solw", "slow"]).await;
    let program = world.probe().set("handlers.\"/erors\".slow.timeout=1s");
    expect(program, &["/erors", "/errors"]).await;
    let text = "[handlers.\"/errors\".cort]\nenabled = false\n";
    expect(world.probe().file("config/default.toml", text), &["default.toml:1", "cort", "cart"]).await;
}

async fn an_unknown_profile_is_told(world: World) {
    expect(world.probe().args(["--profile", "prodction"]), &["prodction", "production"]).await;
    expect(world.probe().env("LAMBDIO_PROFILE", "staging"), &["staging"]).await;
    expect(world.probe().args(["--profile", "local"]), &["local"]).await;
}

async fn a_port_in_use_is_told(world: World) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port().to_string();
    let ended = expect(world.probe().env("LAMBDIO__SERVER__PORT", &port), &[&port, "in use", "server.port"]).await;
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
}

async fn two_handlers_for_one_event_are_both_named(world: World) {
    expect(world.example("duplicate"), &["/twice", "same", "duplicate.rs:5", "duplicate.rs:8"]).await;
    expect(world.example("duplicate"), &["duplicate.rs:11", "presence_left", "another name"]).await;
    expect(world.example("duplicate").args(["handlers"]), &["duplicate.rs:5", "duplicate.rs:8"]).await;
}

async fn no_handlers_at_all_is_a_mistake(world: World) {
    expect(world.example("without_handlers"), &["use"]).await;
}

async fn what_handlers_need_and_nobody_offers_is_told_at_once(world: World) {
    let parts = [
        "4 problems",
        "user_without_login.rs:7",
        "namespaces.\"/open\".auth = \"required\"",
        "user_without_login.rs:12",
        "Mailer",
        ".provide(",
        "user_without_login.rs:15 (me): `User` asks for a login, but nobody can log in: add [auth.accounts]",
        "user_without_login.rs:23 (badge): no user has the claims of `User<user_without_login::Badge>`",
    ];
    expect(world.example("user_without_login"), &parts).await;
}

async fn a_provider_that_fails_ends_the_start(world: World) {
    expect(world.probe().set("app.probe.broken=true"), &["Greeting", "the settings say so"]).await;
}

async fn a_database_that_does_not_answer_ends_the_start(world: World) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let program = world
        .example("probe")
        .set("auth.accounts.bcrypt_cost=4")
        .set(&format!("mongo.uri=mongodb://ada:hunter2-hunter2@{address}/"))
        .set("mongo.server_selection_timeout=500ms")
        .set("mongo.startup_timeout=4s");
    let ended = expect(program, &["mongo.uri", "no answer", "within 4s", "waiting for the database"]).await;
    assert!(!ended.stderr.contains("hunter2"), "the password stays secret: {}", ended.stderr);
}

async fn production_refuses_what_is_unsafe(world: World) {
    let program = world.probe().args(["--profile", "production"]).set("auth.accounts.bcrypt_cost=4");
    expect(program, &["auth.keys", "bcrypt_cost", "mongo"]).await;
}

async fn a_key_that_cannot_be_used_is_named_and_not_shown(world: World) {
    const SHORT: &str = "hunter2 hunter2";
    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";
    let cases: [(&str, &[&str]); 7] = [
        (r#"{ id = "mine" }"#, &["auth.keys.0", "key_file"]),
        (r#"{ id = "mine", key_file = "none.key" }"#, &["\"mine\"", "none.key", "cannot be read"]),
        (r#"{ id = "mine", key_file = "short.key" }"#, &["\"mine\"", "short.key", "32 bytes"]),
        (r#"{ id = "mine", key_file = "public.pem" }"#, &["\"mine\"", "public.pem", "EdDSA"]),
        (r#"{ id = "mine", key_file = "public.pem", algorithm = "EdDSA" }"#, &["public.pem", "cannot sign"]),
        (r#"{ id = "mine", key_file = "short.key", algorithm = "EdDSA" }"#, &["short.key", "openssl genpkey"]),
        (r#"{ id = "mine", key = "hunter2 hunter2" }"#, &["auth.keys.0.key", "32 bytes"]),
    ];
    for profile in ["development", "production"] {
        for (key, parts) in cases {
            let program =
                world.probe().args(["--profile", profile]).file("short.key", SHORT).file("public.pem", PUBLIC);
            let program = program.set("auth.accounts.bcrypt_cost=10").set("mongo.uri=mongodb://127.0.0.1:1");
            let ended = expect(program.set(&format!("auth.keys=[{key}]")), parts).await;
            assert!(!ended.stderr.contains("hunter2") && !ended.stderr.contains("MCow"), "{}", ended.stderr);
        }
    }
}

async fn a_folder_of_settings_that_is_not_there_is_told_where_it_may_be_missed(world: World) {
    let program = || world.example("user_without_login");
    for program in [program(), program().args(["check"])] {
        expect(program, &["4 problems", "\nnote: there is no directory config in /", "--config DIR"]).await;
    }
    let there = expect(program().file("config/local.toml", ""), &["4 problems"]).await;
    assert!(!there.stderr.contains("note: "), "{}", there.stderr);
}
