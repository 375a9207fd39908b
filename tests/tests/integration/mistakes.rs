//! Mistakes in the configuration: what is wrong, where, and what would be right. All of it at once, and nothing twice.
//!
//! `check` and a server that does not start say the same; the snapshot has it for each kind of mistake.

use lambdio_tests::{Program, World, trials};
use std::{fmt::Write as _, fs};

trials![
    each_kind_of_mistake_has_its_message,
    check_needs_no_server_to_tell,
    a_reload_tells_everything_at_once,
    a_declared_table_that_is_read_once_is_checked_at_each_reload,
];

async fn each_kind_of_mistake_has_its_message(world: World) {
    let rows = [written(&world), values(&world), together(&world), names(&world), files(&world), at_once(&world)];
    let mut text = String::new();
    for (name, program) in rows.into_iter().flatten() {
        let _ = writeln!(text, "## {name}\n{}", refused(name, program).await);
    }
    insta::assert_snapshot!(text);
}

type Rows = Vec<(&'static str, Program)>;

/// A program that is right, apart from this `local.toml`.
fn local(world: &World, text: &str) -> Program {
    world.probe().file("config/local.toml", text)
}

/// What both say: `check`, and a server, which prints nothing of an address.
async fn refused(name: &str, program: Program) -> String {
    let folder = program.folder().display().to_string();
    let mut said = Vec::new();
    for program in [program.clone().args(["check"]), program] {
        let ended = program.run().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{name}: {}", ended.stderr);
        let at = ended.stderr.find("error: ").unwrap_or_else(|| panic!("{name}: no error: {}", ended.stderr));
        said.push(without_lines_of_code(&ended.stderr[at..].replace(&folder, "FOLDER")));
    }
    assert_eq!(said[0], said[1], "{name}: check and the server differ");
    said.remove(0)
}

/// Programs under test change; the lines of files of the configuration stay.
fn without_lines_of_code(text: &str) -> String {
    let mut parts = text.split(".rs:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + ".rs:LINE" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// Files that cannot be read, and keys that are not there.
fn written(world: &World) -> Rows {
    let not_text = local(world, "");
    fs::write(not_text.folder().join("config/local.toml"), b"# settings\nevents = \xff").expect("a file");
    let no_file = world.probe();
    fs::create_dir_all(no_file.folder().join("config/local.toml")).expect("a folder");
    vec![
        ("a syntax error", local(world, "[events]\ntimeout = = 1\n")),
        ("two syntax errors in two files", {
            local(world, "[events]\ntimeout = 1s\n").file("config/default.toml", "[server\n")
        }),
        ("a key that is there twice", local(world, "[events]\ntimeout = \"1s\"\ntimeout = \"2s\"\n")),
        ("not UTF-8", not_text),
        ("a folder in the place of a file", no_file),
        ("no such folder", world.probe().args(["--config", "settings"])),
        ("an unknown profile", world.probe().args(["--profile", "prodction"])),
        ("a profile that is a path", world.probe().env("LAMBDIO_PROFILE", "../etc")),
        ("an unknown section", local(world, "[evnets]\ntimeout = \"1s\"\n")),
        ("an unknown key", local(world, "[server]\nprot = 1\n")),
        ("an unknown key that is like no other", local(world, "[log]\ncolour = true\n")),
        ("a key in the wrong section", local(world, "[socketio]\nbody_timeout = \"1s\"\n")),
        ("an unknown key of a handler", local(world, "[handlers.\"/errors\".slow]\ntimout = \"1s\"\n")),
        ("an unknown variable", world.probe().env("LAMBDIO__SERVER__PROT", "1")),
        ("an unknown key on the command line", world.probe().set("server.prot=1")),
        ("--set without a value", world.probe().set("server.port")),
        ("--set without a key", world.probe().set("a key=1")),
    ]
}

/// Values that cannot be.
fn values(world: &World) -> Rows {
    vec![
        ("wrong types", local(world, "[server]\nmax_connections = \"many\"\npublic_urls = \"https://a\"\n")),
        ("a value in the place of a section", local(world, "socketio = 1\n")),
        ("a section in the place of a value", local(world, "[events.timeout]\nseconds = 1\n")),
        ("out of range", local(world, "[events]\nqueue_length = 0\n[server]\nmax_connections = 99999999\n")),
        (
            "durations",
            local(world, "[events]\ntimeout = 5\n[socketio]\nping_timeout = \"5 parsecs\"\nping_interval = \"0s\"\n"),
        ),
        ("sizes", local(world, "[events]\nmax_payload_size = \"64 Kilo\"\n[socketio]\nmax_message_size = 0\n")),
        ("rates", local(world, "[events.rate_limit]\nper_socket = \"fast\"\nper_user = 5\n")),
        ("one of a few words", local(world, "[log]\nformat = \"jsn\"\n[namespaces.\"/errors\"]\nauth = \"requird\"\n")),
        (
            "addresses",
            local(
                world,
                "[server]\nhost = \"here\"\ntrusted_proxies = [\"10.0.0.1/8\"]\npublic_urls = [\"a.example\"]\n",
            ),
        ),
        ("a level of the log", local(world, "[log]\nlevel = \"inof\"\n").without_env("LAMBDIO__LOG__LEVEL")),
        ("a variable of the wrong type", world.probe().env("LAMBDIO__EVENTS__QUEUE_LENGTH", "many")),
        ("a value of the wrong type on the command line", world.probe().set("events.queue_length=1.5")),
        ("a wrong secret is not shown", world.probe().env("LAMBDIO__MONGO__URI", "postgres://ada:hunter2-hunter2@db")),
    ]
}

/// Settings that do not go together, or are not whole.
fn together(world: &World) -> Rows {
    let accounts = "[auth.accounts]\n";
    vec![
        ("two files that contradict each other", {
            local(world, "[socketio]\nmax_message_size = \"1MiB\"\n")
                .file("config/default.toml", "[events]\nqueue_size = \"1KiB\"\n")
        }),
        ("half a setting", local(world, "[server.tls]\ncert_file = \"certificate.pem\"\n")),
        ("half a setting, and the other half misspelt", {
            local(world, "[server.tls]\ncert_file = \"certificate.pem\"\nkey_fiel = \"key.pem\"\n")
        }),
        ("a key of tokens without its key", local(world, &format!("{accounts}[[auth.keys]]\nid = \"2026\"\n"))),
        ("a secret that is too short", {
            local(world, &format!("{accounts}[[auth.keys]]\nid = \"2026\"\nkey = \"hunter2 hunter2\"\n"))
        }),
        ("roles without a login", local(world, "[namespaces.\"/errors\"]\nroles = [\"admin\"]\n")),
        ("roles of a handler without a login", local(world, "[handlers.\"/errors\".slow]\nroles = [\"admin\"]\n")),
        ("a login that nobody can have", local(world, "[namespaces.\"/errors\"]\nauth = \"required\"\n")),
        (
            "what production refuses",
            local(world, "[auth.accounts]\nbcrypt_cost = 4\n").args(["--profile", "production"]),
        ),
        ("what development refuses", local(world, "[server]\nhost = \"0.0.0.0\"\n")),
    ]
}

/// Names that no handler has.
fn names(world: &World) -> Rows {
    vec![
        ("an unknown namespace", local(world, "[namespaces.\"/erors\"]\nauth = \"none\"\n")),
        ("an unknown namespace that is like no other", local(world, "[namespaces.\"/warehouse\"]\nauth = \"none\"\n")),
        (
            "a namespace without its slash",
            local(world, "[namespaces.errors]\n[handlers.errors.slow]\nenabled = true\n"),
        ),
        ("an unknown event", local(world, "[handlers.\"/errors\".solw]\nenabled = false\n")),
        ("an unknown catch-all", local(world, "[handlers.\"/errors\".\"*\"]\nenabled = false\n")),
        ("an unknown route", local(world, "[routes.\"GET /adress\"]\nenabled = false\n")),
        ("an unknown key of the application", world.documents().set("app.documents.max_peolpe=1")),
        ("wrong values of the application", {
            world.documents().file("config/local.toml", "[app.documents]\nmax_people = \"many\"\nread_only = 1\n")
        }),
        (
            "what the application's own check finds",
            world.documents().file("config/local.toml", "[app.documents]\nmax_document_size = \"9MiB\"\n"),
        ),
        ("a value in the place of the application's table", world.documents().set("app.documents=1")),
    ]
}

/// Files that settings name, and addresses.
fn files(world: &World) -> Rows {
    let keys = "[auth.accounts]\n[[auth.keys]]\nid = \"new\"\nkey_file = \"none.key\"\n\
                [[auth.keys]]\nid = \"old\"\nkey_file = \"empty.key\"\n\
                [[auth.keys]]\nid = \"older\"\nkey_file = \"short.key\"\n";
    vec![
        ("no folder of pages", local(world, "[pages]\ndir = \"nowhere\"\n")),
        ("a file in the place of the folder of pages", local(world, "[pages]\ndir = \"config/local.toml\"\n")),
        ("no certificate and no key", {
            local(world, "[server.tls]\ncert_file = \"none.pem\"\nkey_file = \"none.key\"\n")
        }),
        ("a certificate that is none", {
            local(world, "[server.tls]\ncert_file = \"config/local.toml\"\nkey_file = \"config/local.toml\"\n")
        }),
        ("keys of tokens", local(world, keys).file("empty.key", "\n").file("short.key", "hunter2 hunter2\n")),
        // RFC 5737: for documentation, nobody's
        ("addresses of another machine", {
            local(world, "[server]\nallow_insecure = true\nhost = \"192.0.2.1\"\n[metrics]\nhost = \"192.0.2.2\"\n")
        }),
    ]
}

/// All at once, and no mistake twice.
fn at_once(world: &World) -> Rows {
    let everything = local(
        world,
        "[server]\nprot = 1\n[handlers.\"/errors\".solw]\ntimeout = \"0s\"\n[pages]\ndir = \"nowhere\"\n\
         [namespaces.\"/strict\"]\nauth = \"requird\"\n",
    );
    vec![
        ("everything at once", {
            everything
                .file("config/default.toml", "[events]\ntimeout = 1\n[routes.\"GET /adress\"]\n")
                .env("LAMBDIO__LOG__FORMAT", "jsn")
                .set("auth.accounts.bcrypt_cost=4")
                .set("auth.keys=[{ id = \"1\", key_file = \"none.key\" }]")
        }),
        ("a file that cannot be read makes nothing wrong that it may have said", {
            local(world, "[auth.accounts]\n[server.tls]\nkey_file = \"key.pem\"\n[pages]\ndir = = \"pages\"\n").file(
                "config/default.toml",
                "[evnets]\n[handlers.\"/errors\".solw]\n[namespaces.\"/errors\"]\nauth = \"required\"\n\
                 [server.tls]\ncert_file = \"certificate.pem\"\n[pages]\ndir = \"nowhere\"\n",
            )
        }),
        ("a misspelt section is not missing", {
            local(
                world,
                "[auth.acounts]\n[namespaces.\"/errors\"]\nauth = \"required\"\n[routes.\"POST /auth/login\"]\n",
            )
        }),
        ("handlers and settings", world.example("user_without_login").file("config/local.toml", "[evnets]\n")),
    ]
}

async fn check_needs_no_server_to_tell(world: World) {
    let program = local(&world, "[server]\nprot = 1\n[pages]\ndir = \"nowhere\"\n");
    let server = world.probe().await;
    let said = refused("beside a server", program).await;
    assert!(said.starts_with("error: 2 problems\n"), "{said}");
    assert_eq!(server.client("ada").await.get("/health/live").await.status, 200);
}

async fn a_reload_tells_everything_at_once(world: World) {
    let probe = local(&world, "").await;
    let why = probe
        .reload_refused(
            "[server]\nprot = 1\n[pages]\ndir = \"nowhere\"\n[handlers.\"/errors\".solw]\n[app.probe]\nloud = true\n",
        )
        .await;
    for part in [
        "4 problems",
        "local.toml:2: server.prot: unknown key; did you mean server.port?",
        "local.toml:4: pages.dir: nowhere cannot be served",
        "local.toml:5: handlers.\"/errors\".solw: no handler serves this event; did you mean \"slow\"?",
        "local.toml:7: app.probe.loud: unknown key",
    ] {
        assert!(why.contains(part), "{part:?} is missing in: {why}");
    }
    let reload = probe.reload("[events]\ntimeout = \"1s\"\n").await;
    assert_eq!(reload.changed(), ["events.timeout: \"10s\" -> \"1s\""]);
}

async fn a_declared_table_that_is_read_once_is_checked_at_each_reload(world: World) {
    let probe = local(&world, "").await;
    let why = probe.reload_refused("[events]\ntimeout = \"1s\"\n[app.probe]\ngreetin = \"hello\"\n").await;
    assert!(why.contains("app.probe.greetin: unknown key; did you mean app.probe.greeting?"), "{why}");
    let reload = probe.reload("[events]\ntimeout = \"2s\"\n[app.probe]\ngreeting = \"hello\"\n").await;
    assert_eq!(reload.changed(), ["events.timeout: \"10s\" -> \"2s\""], "nothing of what was refused was in force");
    assert_eq!(reload.needs_restart(), ["app.probe.greeting"]);
}
