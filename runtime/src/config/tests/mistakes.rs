//! What is said about single mistakes.

use super::{local, nothing, place};

#[test]
fn all_mistakes_are_reported_together_in_the_order_of_the_layers() {
    let place = place(&[
        (
            "local.toml",
            "[servr]\nport = 1\n\n[server]\nprot = 1\nport = 70000\nhost = \"here\"\n[log]\nformat = \"jsn\"",
        ),
        (
            "default.toml",
            "[events]\ntimeout = 5\nqueue_length = 0\n[socketio]\nping_interval = \"0s\"\nping_timeout = \"5 parsecs\"",
        ),
    ])
    .set("mongo.max_pool_size=many")
    .env("LAMBDIO__SERVER__ALLOW_INSECURE", "perhaps");
    let expected = [
        "default.toml:2: events.timeout: expected a duration such as \"2s\" or \"500ms\", found an integer",
        "default.toml:3: events.queue_length: expected an integer from 1 to 1000000, found 0",
        "default.toml:5: socketio.ping_interval: must be longer than zero",
        "default.toml:6: socketio.ping_timeout: expected a duration such as \"2s\" or \"500ms\": \"parsecs\" is no unit",
        "local.toml:1: servr: unknown key; did you mean server?",
        "local.toml:5: server.prot: unknown key; did you mean server.port?",
        "local.toml:6: server.port: expected an integer from 0 to 65535, found 70000",
        "local.toml:7: server.host: expected an IP address such as \"127.0.0.1\", found \"here\"",
        "local.toml:9: log.format: expected \"text\" or \"json\", found \"jsn\"; did you mean \"json\"?",
        "LAMBDIO__SERVER__ALLOW_INSECURE: server.allow_insecure: expected true or false, found a string",
        "--set: mongo.max_pool_size: expected an integer from 1 to 100000, found a string",
    ];
    let message = place.errors();
    assert!(message.starts_with("configuration: 11 problems\n"), "{message}");
    let lines = place.lines();
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}\n  is not\n{expected}");
    }
    assert_eq!(lines.len(), expected.len());
}

#[test]
fn an_unknown_key_leads_to_the_right_one() {
    let lines = local(
        "body_timeout = 1\n[log]\ncolour = true\n[namespaces.\"/a\"]\nauht = \"none\"\n[mongo.embedded]\ndata = 1",
    )
    .lines();
    assert_eq!(
        lines,
        [
            "local.toml:1: body_timeout: unknown key; did you mean server.body_timeout?",
            "local.toml:3: log.colour: unknown key; valid keys are blocked_thread, format, level, redact, sample_served, \
             slow_invocation",
            "local.toml:5: namespaces.\"/a\".auht: unknown key; did you mean namespaces.\"/a\".auth?",
            "local.toml:7: mongo.embedded.data: unknown key; valid keys are allow_insecure, binary, cache_dir, data_dir",
        ]
    );
}

#[test]
fn a_quoted_key_is_not_a_path() {
    assert_eq!(
        local("\"server.port\" = 1").lines(),
        ["local.toml:1: \"server.port\": unknown key; valid keys are \
        app, auth, events, handlers, health, log, metrics, mongo, namespaces, otlp, pages, reload, routes, server, socketio"]
    );
}

#[test]
fn an_unknown_variable_leads_to_the_right_one() {
    let lines = nothing()
        .env("LAMBDIO__SERVER__PROT", "1")
        .env("LAMBDIO__SERVR__PORT", "1")
        .env("LAMBDIO__SERVR__HOST", "127.0.0.1")
        .env("LAMBDIO__", "1")
        .env("LAMBDIO__LOG__COLOUR", "1")
        .lines();
    assert_eq!(
        lines,
        [
            "LAMBDIO__: unknown variable; valid variables begin with LAMBDIO__APP, LAMBDIO__AUTH, LAMBDIO__EVENTS, \
             LAMBDIO__HANDLERS, LAMBDIO__HEALTH, LAMBDIO__LOG, LAMBDIO__METRICS, LAMBDIO__MONGO, LAMBDIO__NAMESPACES, \
             LAMBDIO__OTLP, LAMBDIO__PAGES, LAMBDIO__RELOAD, LAMBDIO__ROUTES, LAMBDIO__SERVER, LAMBDIO__SOCKETIO",
            "LAMBDIO__LOG__COLOUR: unknown variable; valid variables begin with LAMBDIO__LOG__BLOCKED_THREAD, \
             LAMBDIO__LOG__FORMAT, LAMBDIO__LOG__LEVEL, LAMBDIO__LOG__REDACT, LAMBDIO__LOG__SAMPLE_SERVED, \
             LAMBDIO__LOG__SLOW_INVOCATION",
            "LAMBDIO__SERVER__PROT: unknown variable; did you mean LAMBDIO__SERVER__PORT?",
            "LAMBDIO__SERVR__HOST: unknown variable; did you mean LAMBDIO__SERVER__HOST?",
            "LAMBDIO__SERVR__PORT: unknown variable; did you mean LAMBDIO__SERVER__PORT?",
        ]
    );
}

#[test]
fn a_scalar_is_no_table_and_a_table_no_scalar() {
    let lines =
        local("socketio = 1\n[log.level]\nx = 1\n[server]\npublic_urls = [1, \"https://a\"]\nhost = []\nport = 1.5")
            .lines();
    assert_eq!(
        lines,
        [
            "local.toml:1: socketio: expected a table, found an integer",
            "local.toml:2: log.level: expected a string, found a table",
            "local.toml:5: server.public_urls.0: expected a string, found an integer",
            "local.toml:6: server.host: expected an IP address such as \"127.0.0.1\", found a list",
            "local.toml:7: server.port: expected an integer from 0 to 65535, found a number that is no integer",
        ]
    );
}

#[test]
fn every_syntax_error_shows_its_line() {
    let place =
        place(&[("default.toml", "[server\nport = 1\n"), ("local.toml", "[server]\nport = = 1\nhost = localhost\n")]);
    let message = place.errors();
    for part in [
        "default.toml:1:8: unclosed table, expected `]`\n    | [server\n    |        ^",
        "local.toml:2:",
        "    | port = = 1\n",
        "local.toml:3:8: string values must be quoted",
        "    | host = localhost\n    |        ^",
    ] {
        assert!(message.contains(part), "{part}\n  is not in\n{message}");
    }
}

#[test]
fn values_of_a_broken_file_are_not_judged() {
    let place = place(&[("default.toml", "[auth.accounts]\n[servr]\n"), ("production.toml", "[auth]\nkeys = x\n")]);
    let lines = place.profile("production").lines();
    assert_eq!(lines.iter().filter(|line| !line.starts_with(' ')).count(), 2, "{lines:#?}");
}

#[test]
fn duplicate_keys_and_other_encodings_are_refused() {
    assert!(local("[log]\nlevel = \"info\"\nlevel = \"warn\"").errors().contains("local.toml:3:1: duplicate key"));
    let place = local("");
    std::fs::write(place.dir.path().join("local.toml"), b"# a\n\xff").expect("a file");
    assert_eq!(place.lines(), ["local.toml:2: is not UTF-8, which TOML requires"]);
}

#[test]
fn an_override_without_a_key_is_refused() {
    let lines = nothing().set("server.port").set("a b=secret").lines();
    assert!(lines[0].starts_with("--set: expected key=value"), "{lines:?}");
    assert!(lines[1].starts_with("--set: \"a b\" is not a key"), "{lines:?}");
}

#[test]
fn names_paths_and_origins_have_their_form() {
    let text = r#"
        namespaces.documents = {}
        handlers.documents.edit = { timeout = "0s" }
        [server]
        public_urls = ["https://a/", "b"]
        [socketio]
        path = "socket.io"
        origins = ["*"]
        max_message_size = 0
        [mongo]
        database = "a b"
        [log]
        level = "inof"
    "#;
    let message = local(text).errors();
    for part in [
        "local.toml:2: namespaces.documents: a namespace begins with /; write \"/documents\"",
        "local.toml:3: handlers.documents: a namespace begins with /",
        "local.toml:3: handlers.documents.edit.timeout: must be longer than zero",
        "local.toml:5: server.public_urls: \"https://a/\" must be scheme://host[:port]",
        "local.toml:5: server.public_urls: \"b\" must begin with http:// or https://",
        "local.toml:7: socketio.path: must begin with \"/\"",
        "local.toml:8: socketio.origins: \"*\" must begin with",
        "local.toml:9: socketio.max_message_size: must be at least one byte",
        "local.toml:11: mongo.database: must have 1 to 63 bytes",
        "local.toml:13: log.level: \"inof\" is not a level",
    ] {
        assert!(message.contains(part), "{part}\n  is not in\n{message}");
    }
}

#[test]
fn durations_have_an_end() {
    let lines = local("[server]\nshutdown_timeout = \"5000days\"\n[events]\ntimeout = \"11years\"").lines();
    assert_eq!(
        lines,
        [
            "local.toml:2: server.shutdown_timeout: must be at most 3650days",
            "local.toml:4: events.timeout: must be at most 3650days",
        ]
    );
    assert!(local("[server]\nshutdown_timeout = \"0s\"").load().settings().server.shutdown_timeout.is_zero());
}

#[test]
fn what_stands_in_front_of_the_server_is_checked() {
    let lines = local(
        "[server]\ntrusted_proxies = [\"::1\", \"proxy\", \"10.0.0.1/8\"]\nmax_connections = 0\nheader_timeout = \"0s\"",
    )
    .lines();
    let expected = [
        "local.toml:2: server.trusted_proxies: \"proxy\" is neither an IP address nor a network such as 10.0.0.0/8",
        "local.toml:2: server.trusted_proxies: \"10.0.0.1/8\" has bits of a host after its prefix",
        "local.toml:3: server.max_connections: expected an integer from 1 to 1000000, found 0",
        "local.toml:4: server.header_timeout: must be longer than zero",
    ];
    for line in expected {
        assert!(lines.iter().any(|found| found.starts_with(line)), "{line} in {lines:#?}");
    }
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
}

#[test]
fn a_certificate_without_its_key_is_half_a_setting() {
    let lines = local("[server.tls]\ncert_file = \"certificate.pem\"").lines();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].starts_with("local.toml:1: server.tls.key_file: is missing"), "{lines:#?}");
}

#[test]
fn only_a_login_can_be_asked_for_by_a_single_handler_or_route() {
    let text = r#"
        [handlers."/a".b]
        auth = "optional"
        [handlers."/a".c]
        auth = "required"
        [routes."GET /d"]
        auth = "none"
        [routes."GET /e"]
        auth = true
    "#;
    let only = "only \"required\" can be said here";
    assert_eq!(
        local(text).lines(),
        [
            format!(
                "local.toml:3: handlers.\"/a\".b.auth: {only}, found \"optional\"; leave it out where no login is needed"
            ),
            format!(
                "local.toml:7: routes.\"GET /d\".auth: {only}, found \"none\"; leave it out where no login is needed"
            ),
            "local.toml:9: routes.\"GET /e\".auth: expected a string, found a boolean".to_owned(),
        ]
    );
}

#[test]
fn roles_have_names_and_at_least_one() {
    let text = r#"
        [namespaces."/a"]
        auth = "required"
        roles = []
        [handlers."/a".b]
        roles = ["", "admin "]
        [routes."GET /c"]
        roles = "admin"
        [routes."GET /d"]
        roles = [1]
        timeout = "0s"
        max_payload_size = 0
        [namespaces."/b"]
        auth = "none"
        roles = []
    "#;
    let nobody = "names no role, so that nobody would have one; name some, or leave the key out";
    assert_eq!(
        local(text).lines(),
        [
            format!("local.toml:4: namespaces.\"/a\".roles: {nobody}"),
            "local.toml:6: handlers.\"/a\".b.roles: a role must not be empty".to_owned(),
            "local.toml:6: handlers.\"/a\".b.roles: \"admin \" has a control character, or a space at its ends"
                .to_owned(),
            "local.toml:8: routes.\"GET /c\".roles: expected a list such as [\"one\", \"another\"], found a string"
                .to_owned(),
            "local.toml:10: routes.\"GET /d\".roles.0: expected a string, found an integer".to_owned(),
            "local.toml:11: routes.\"GET /d\".timeout: must be longer than zero".to_owned(),
            "local.toml:12: routes.\"GET /d\".max_payload_size: must be at least one byte".to_owned(),
            format!("local.toml:15: namespaces.\"/b\".roles: {nobody}"),
        ]
    );
}
