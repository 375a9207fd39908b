//! Which value wins.

use std::time::Duration;

use super::super::{Access, LogFormat, Origin};
use super::{local, nothing, origin, place};

#[test]
fn a_higher_layer_wins_and_tables_are_merged() {
    let files = [
        (
            "default.toml",
            "[server]\nport = 1\nhost = \"127.0.0.2\"\n[socketio]\npath = \"/a\"\norigins = [\"http://a\"]",
        ),
        ("staging.toml", "[server]\nport = 2\n[socketio]\norigins = [\"http://b\"]\n[events]\nqueue_length = 2"),
        ("local.toml", "[server]\nport = 3\n[events]\nqueue_length = 3\ntimeout = \"3s\""),
    ];
    let mut place = place(&files).profile("staging");
    let port = |place: &super::Place| {
        let config = place.load();
        (config.settings().server.port, origin(place, &config, &["server", "port"]))
    };
    assert_eq!(port(&place), (3, "local.toml:2".into()));
    place = place.env("LAMBDIO__SERVER__PORT", "4").env("LAMBDIO__EVENTS__TIMEOUT", "4s");
    assert_eq!(port(&place), (4, "LAMBDIO__SERVER__PORT".into()));
    place = place.set("server.port=5").set("server.port=6");
    assert_eq!(port(&place), (6, "--set".into()));

    let config = place.load();
    let settings = config.settings();
    assert_eq!(settings.server.host.to_string(), "127.0.0.2");
    assert_eq!(settings.socketio.path, "/a");
    assert_eq!(settings.socketio.origins, ["http://b"], "lists are replaced");
    assert_eq!(settings.events.queue_length, 3);
    assert_eq!(settings.events.timeout, Duration::from_secs(4));
    assert_eq!(settings.socketio.ack_timeout, Duration::from_secs(5), "the built-in default");
    assert_eq!(origin(&place, &config, &["server", "host"]), "default.toml:3");
    assert_eq!(config.origin(&["socketio", "ack_timeout"]), None);
    assert_eq!(config.profile().name(), "staging");
}

#[test]
fn a_section_of_the_wrong_kind_does_not_get_lost_below_a_higher_layer() {
    let place = place(&[
        ("default.toml", "server = 3\n[[events]]\ntimeout = \"1s\"\n"),
        (
            "local.toml",
            "[server]\nport = 4\n[events]\nqueue_length = 5\n[log.level]\nall = \"info\"\n[app.size]\nfrom = 1\n",
        ),
    ])
    .env("LAMBDIO__SOCKETIO", "1")
    .env("LAMBDIO__SOCKETIO__PATH", "/live")
    .env("LAMBDIO__LOG__LEVEL", "info")
    .set("pages=x")
    .set("pages.dir=y")
    // what is right in itself, and is replaced
    .set("auth.accounts={}");
    assert_eq!(
        place.lines(),
        [
            "default.toml:1: server: expected a table, found an integer",
            "default.toml:2: events: expected a table, found a list; write [events]",
            "local.toml:5: log.level: expected a string, found a table",
            "LAMBDIO__SOCKETIO: socketio: expected a table, found an integer",
            "--set: pages: expected a table, found a string",
        ]
    );
}

#[test]
fn a_value_knows_line_and_column() {
    let place =
        local("# ä\n[namespaces]\n  \"/documents\" = { auth = \"required\" }\n[handlers.\"/documents\".edit]\n");
    let config = place.load();
    assert_eq!(config.settings().namespaces["/documents"].auth, Some(Access::Required));
    let path = place.dir.path().join("local.toml");
    let at = |line, column| Some(Origin::File { path: path.clone(), line, column });
    assert_eq!(config.origin(&["namespaces", "/documents"]), at(3, 3).as_ref());
    assert_eq!(config.origin(&["namespaces", "/documents", "auth"]), at(3, 20).as_ref());
    assert_eq!(config.origin(&["handlers", "/documents", "edit"]), at(4, 24).as_ref());
    assert_eq!(config.origin(&["handlers", "/documents", "edti"]), None);
}

#[test]
fn environment_names_ignore_case_and_values_keep_it() {
    let place = local("[app.mailer]\nfromName = \"x\"\n[handlers.\"/Docs\".openFile]\nenabled = true")
        .env("lambdio__Log__Format", "json")
        .env("LAMBDIO__MONGO__DATABASE", "MyData")
        .env("LAMBDIO__APP__MAILER__FROMNAME", "Me")
        .env("LAMBDIO__HANDLERS__/DOCS__OPENFILE__ENABLED", "false")
        .env("LAMBDIO_PROFILE", "production")
        .env("LAMBDIO_OTHER", "x")
        .env("PATH", "x");
    let config = place.load();
    let settings = config.settings();
    assert_eq!(settings.log.format, LogFormat::Json);
    assert_eq!(settings.mongo.database, "MyData");
    assert_eq!(settings.app["mailer"]["fromName"], "Me");
    assert!(!settings.handlers["/Docs"]["openFile"].enabled);
    assert_eq!(config.profile().name(), "development");
}

#[test]
fn the_environment_gives_values_of_every_type() {
    let digits = "12345678901234567890123456789012";
    let config = nothing()
        .env("LAMBDIO__AUTH__ISSUER", digits)
        .env("LAMBDIO__MONGO__DATABASE", "2024")
        .env("LAMBDIO__SERVER__ALLOW_INSECURE", "true")
        .env("LAMBDIO__SOCKETIO__MAX_MESSAGE_SIZE", "65536")
        .env("LAMBDIO__EVENTS__QUEUE_SIZE", "64 KiB")
        .env("LAMBDIO__SOCKETIO__ORIGINS", "[\"http://a\", \"http://b\"]")
        .env("LAMBDIO__AUTH__ACCOUNTS", "{}")
        .load();
    let settings = config.settings();
    assert_eq!(settings.auth.issuer, digits);
    assert_eq!(settings.mongo.database, "2024");
    assert!(settings.server.allow_insecure);
    assert_eq!(settings.socketio.max_message_size.bytes(), 65_536);
    assert_eq!(settings.events.queue_size.bytes(), 65_536);
    assert_eq!(settings.socketio.origins.len(), 2);
    assert!(settings.auth.accounts.is_some());
}

#[test]
fn overrides_take_quoted_keys_toml_values_and_plain_text() {
    let config = local("[handlers.\"/documents\".edit]\nenabled = false")
        .set("handlers.\"/documents\".edit.timeout=2s")
        .set("handlers.'/documents'.\"a.b=c\"={ enabled = false, timeout = \"1h 30m\" }")
        .set("log.level=info,lambdio=debug")
        .set("mongo.database=\"quoted\"")
        .set("server.host=127.0.0.1")
        .set("server.public_urls=[\"https://example.org\"]")
        .load();
    let handlers = &config.settings().handlers["/documents"];
    assert_eq!(handlers["edit"].timeout, Some(Duration::from_secs(2)));
    assert!(!handlers["edit"].enabled, "merged");
    assert_eq!(handlers["a.b=c"].timeout, Some(Duration::from_mins(90)));
    assert_eq!(config.settings().log.level, "info,lambdio=debug");
    assert_eq!(config.settings().mongo.database, "quoted");
    assert_eq!(config.settings().server.public_urls, ["https://example.org"]);
}

#[test]
fn an_empty_table_turns_accounts_on() {
    let accounts = local("[auth.accounts]").load().settings().auth.accounts.clone();
    assert_eq!(accounts.map(|accounts| accounts.bcrypt_cost), Some(12));
    assert_eq!(nothing().load().settings().auth.accounts, None);
}

#[test]
fn only_a_directory_that_was_asked_for_must_exist() {
    let mut place = nothing();
    place.sources.dir = place.dir.path().join("missing");
    assert_eq!(place.errors(), "configuration: 1 problem\nthere is no directory missing");
    place.sources.dir_required = false;
    place.load();
}

#[test]
fn a_profile_of_ones_own_needs_its_file() {
    let files = [("staging.toml", ""), ("default.toml", ""), ("notes.txt", "")];
    place(&files).profile("staging").load();
    let message = place(&files).profile("stagign").errors();
    assert!(message.contains("there is no profile stagign: stagign.toml does not exist"), "{message}");
    assert!(message.contains("profiles are development, production, staging; did you mean staging?"), "{message}");
    for name in ["../staging", "", "local", "Staging"] {
        assert!(place(&files).profile(name).errors().contains("profile \""), "{name}");
    }
}
