//! Mistakes in the configuration: what is wrong, where, and what would be right. All of it at once, and nothing twice.
//!
//! `check` and a server that does not start say the same; the snapshot has it for each kind of mistake.

use lambdio_tests::{Certificate, Program, World, trials};
use std::{fmt::Write as _, fs, os::unix::fs::symlink};

trials![
    each_kind_of_mistake_has_its_message,
    check_needs_no_server_to_tell,
    a_reload_tells_everything_at_once,
    a_declared_table_that_is_read_once_is_checked_at_each_reload,
];

async fn each_kind_of_mistake_has_its_message(world: World) {
    let rows = [
        written(&world),
        variables(&world),
        values(&world),
        amounts(&world),
        forms(&world),
        together(&world),
        logins(&world),
        names(&world),
        paths(&world),
        programs(&world),
        files(&world),
        keys(&world),
        certificates(&world),
        traces(&world),
        at_once(&world),
    ];
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
    let links = world.probe().file("config/default.toml", &"#".repeat(1024 * 1024 + 1));
    for (to, name) in [("/dev/null", "development"), ("nowhere.toml", "local")] {
        symlink(to, links.folder().join(format!("config/{name}.toml"))).expect("a link");
    }
    vec![
        ("a syntax error", local(world, "[events]\ntimeout = = 1\n")),
        ("two syntax errors in two files", {
            local(world, "[events]\ntimeout = 1s\n").file("config/default.toml", "[server\n")
        }),
        ("text without its quotes", {
            local(world, "[server]\nhost = 127.0.0.1\n[pages]\ndir = /srv/pages\n[log]\nlevel = info,lambdio=debug\n")
        }),
        ("a secret without its last quote", {
            local(world, "[[auth.keys]]\nid = \"2026\"\nkey = \"hunter2 hunter2\n")
        }),
        ("a key that is there twice", local(world, "[events]\ntimeout = \"1s\"\ntimeout = \"2s\"\n")),
        ("not UTF-8", not_text),
        ("a folder in the place of a file", no_file),
        ("a file that is too large, no file, and a link to nowhere", links),
        ("no such folder", world.probe().args(["--config", "settings"])),
        ("a file in the place of the folder", world.probe().file("config", "")),
        ("an unknown profile", world.probe().args(["--profile", "prodction"])),
        ("a profile that is a path", world.probe().env("LAMBDIO_PROFILE", "../etc")),
        ("a profile that is read in all of them", world.probe().args(["--profile", "local"])),
        ("an unknown section", local(world, "[evnets]\ntimeout = \"1s\"\n")),
        ("an unknown key", local(world, "[server]\nprot = 1\n")),
        ("an unknown key that is like no other", local(world, "[log]\ncolour = true\n")),
        ("a key in the wrong section", local(world, "[socketio]\nbody_timeout = \"1s\"\n")),
        ("an unknown key of a handler", local(world, "[handlers.\"/errors\".slow]\ntimout = \"1s\"\n")),
        ("an unknown key on the command line", world.probe().set("server.prot=1")),
        ("--set without a value", world.probe().set("server.port")),
        ("--set without a key", world.probe().set("a key=1")),
    ]
}

/// Variables of the environment.
fn variables(world: &World) -> Rows {
    let probe = || world.probe();
    vec![
        ("an unknown variable", probe().env("LAMBDIO__SERVER__PROT", "1")),
        ("an unknown variable that is like no other", probe().env("LAMBDIO__LOG__COLOUR", "true")),
        ("an unknown section of a variable", probe().env("LAMBDIO__EVNETS__TIMEOUT", "1s")),
        ("an unknown key of a handler's variable", probe().env("LAMBDIO__HANDLERS__/ERRORS__SLOW__TIMOUT", "1s")),
        ("an unknown key within a variable", probe().env("LAMBDIO__SERVER", "{ prot = 1 }")),
        ("a variable for the profile", probe().env("LAMBDIO__PROFILE", "production")),
        ("too few underscores", probe().env("LAMBDIO_SERVER_PORT", "8080").env("LAMBDIO_LOG__LEVEL", "info")),
        ("too many underscores", probe().env("LAMBDIO__SERVER__MAX__CONNECTIONS", "100")),
        ("underscores in the wrong places", {
            probe().env("LAMBDIO__SERVER_PORT", "1").env("LAMBDIO__AUTH__ACCOUNTS__BCRYPTCOST", "4")
        }),
        ("variables that differ in case only", {
            probe().env("LAMBDIO__SERVER__HOST", "127.0.0.1").env("lambdio__server__host", "::1")
        }),
        ("half a setting in a variable", probe().env("LAMBDIO__SERVER__TLS__CERT_FILE", "certificate.pem")),
    ]
}

/// Values that cannot be.
fn values(world: &World) -> Rows {
    vec![
        ("wrong types", local(world, "[server]\nmax_connections = \"many\"\npublic_urls = \"https://a\"\n")),
        ("more wrong types", {
            local(
                world,
                "[events]\nqueue_size = true\n[handlers.\"/errors\".slow]\nconcurrent = \"no\"\n\
                 [server]\nhost = 1\npublic_urls = [1]\ntls = \"certificate.pem\"\n",
            )
        }),
        ("a value in the place of a section", local(world, "socketio = 1\n")),
        ("a section in the place of a value", local(world, "[events.timeout]\nseconds = 1\n")),
        ("a list in the place of a table, and the other way round", {
            local(world, "[[events]]\ntimeout = \"1s\"\n[auth.keys]\nid = \"2026\"\nkey_file = \"new.key\"\n")
        }),
        ("a value in the place of a section, which a higher layer has", {
            local(world, "[events]\nqueue_length = 7\n[server]\nport = 0\n")
                .file("config/default.toml", "server = 3\n[[events]]\ntimeout = \"1s\"\n")
        }),
        ("out of range", local(world, "[events]\nqueue_length = 0\n[server]\nmax_connections = 99999999\n")),
        (
            "durations",
            local(world, "[events]\ntimeout = 5\n[socketio]\nping_timeout = \"5 parsecs\"\nping_interval = \"0s\"\n"),
        ),
        ("sizes", local(world, "[events]\nmax_payload_size = \"64 Kilo\"\n[socketio]\nmax_message_size = 0\n")),
        ("rates", local(world, "[events.rate_limit]\nper_socket = \"fast\"\nper_user = 5\n")),
        ("settings of a handler and of a route", {
            local(
                world,
                "[handlers.\"/errors\".slow]\nlog_level = \"inof\"\nmax_in_flight = 0\nmax_payload_size = 0\n\
                 [routes.\"GET /greeting\".rate_limit]\nper_socket = \"1/s\"\n\
                 [socketio.connect_rate_limit]\nper_socket = \"1/s\"\n",
            )
        }),
        ("one of a few words", local(world, "[log]\nformat = \"jsn\"\n[namespaces.\"/errors\"]\nauth = \"requird\"\n")),
        (
            "addresses",
            local(
                world,
                "[server]\nhost = \"here\"\ntrusted_proxies = [\"10.0.0.1/8\"]\npublic_urls = [\"a.example\"]\n",
            ),
        ),
        ("a variable of the wrong type", world.probe().env("LAMBDIO__EVENTS__QUEUE_LENGTH", "many")),
        ("a value of the wrong type on the command line", world.probe().set("events.queue_length=1.5")),
        ("a wrong secret is not shown", world.probe().env("LAMBDIO__MONGO__URI", "postgres://ada:hunter2-hunter2@db")),
    ]
}

/// Numbers, durations and fractions that cannot be.
fn amounts(world: &World) -> Rows {
    vec![
        ("whole numbers", {
            local(
                world,
                "[events]\nmax_in_flight = 1.5\nqueue_length = 99999999999999999999\n\
                 [metrics]\nport = -1\n[server]\nport = 70000\n",
            )
            .without_env("LAMBDIO__METRICS__PORT")
            .without_env("LAMBDIO__SERVER__PORT")
        }),
        ("a fraction that is too large", local(world, "[log]\nsample_served = 2\n")),
        ("a fraction that is no number", local(world, "[log]\nsample_served = nan\n")),
        ("durations of other forms", {
            local(
                world,
                "[events]\ntimeout = \"\"\n[pages]\nassets_max_age = \"1M\"\n[socketio]\nack_timeout = \"-1s\"\n\
                 ping_interval = \"99999999999999999999s\"\nping_timeout = \"5\"\n",
            )
        }),
        ("durations without end", {
            local(
                world,
                "[events]\ntimeout = \"3651days\"\n[handlers.\"/errors\".slow]\ntimeout = \"11years\"\n\
                 [log]\nslow_invocation = \"3651days\"\n[server]\nshutdown_delay = \"3651days\"\n",
            )
        }),
        ("a leeway that is not in whole seconds", local(world, "[auth]\nleeway = \"1500ms\"\n")),
    ]
}

/// Text that has another form.
fn forms(world: &World) -> Rows {
    let policy = |text: &str| local(world, &format!("[pages]\ncontent_security_policy = \"{text}\"\n"));
    let level = |text: &str| local(world, &format!("[log]\nlevel = {text:?}\n")).without_env("LAMBDIO__LOG__LEVEL");
    let database = |uri: &str| local(world, &format!("[mongo]\nuri = \"mongodb://{uri}\"\n"));
    vec![
        ("empty text", {
            local(
                world,
                "[auth]\naudience = \"\"\nissuer = \"\"\n[log]\nlevel = \"\"\nredact = [\"password\", \"\"]\n\
                 [mongo]\ndatabase = \"\"\nuri = \"\"\n[pages]\ncontent_security_policy = \"\"\n",
            )
            .without_env("LAMBDIO__LOG__LEVEL")
        }),
        ("empty names of files", {
            local(
                world,
                "[auth.accounts]\n[[auth.keys]]\nid = \"2026\"\nkey_file = \"\"\n[mongo.embedded]\nbinary = \"\"\n\
                 cache_dir = \"\"\ndata_dir = \"\"\n[pages]\ndir = \"\"\n[server.tls]\ncert_file = \"\"\nkey_file = \"\"\n",
            )
        }),
        ("a level of the log", level("inof")),
        ("levels by target", level("info,,lambdio=debgu,=info")),
        ("a level within a span that does not end", level("info,[span{id=1=debug")),
        ("paths", local(world, "[health]\npath = \"health\"\n[socketio]\npath = \"/socket io/\"\n")),
        ("a path with two slashes", local(world, "[socketio]\npath = \"/a//b\"\n")),
        ("origins", {
            local(
                world,
                "[server]\npublic_urls = [\"https://a.example/\", \"https://ada@a.example\", \"https://*.example\", \
                 \"http://a.example:0\", \"https://[::1\", \"https://[::1]443\"]\n\
                 [socketio]\norigins = [\"*\", \"null\"]\n",
            )
        }),
        ("proxies", local(world, "[server]\ntrusted_proxies = [\"proxy.example\", \"10.0.0.0/33\"]\n")),
        ("a policy with a misspelt directive", policy("default-src 'none'; script-scr 'self'")),
        ("a policy with an unknown directive", policy("all 'self'")),
        ("a policy with a word without its quotes", policy("script-src self")),
        ("a policy with a directive that is there twice", policy("img-src 'self'; img-src data:")),
        ("a policy that no header can have", policy("default-src 'none'\\nimg-src 'self'")),
        ("a name of the database, and an option of its driver", {
            local(
                world,
                "[mongo]\ndatabase = \"my documents\"\n\
                 uri = \"mongodb://ada:hunter2-hunter2@db/?replicaSet=rs0&poolSize=5\"\n",
            )
        }),
        ("a password of the database that is not encoded", database("ada:hunter2@hunter2@db")),
        ("a port of the database", database("ada:hunter2-hunter2@db:99999")),
    ]
}

/// Settings that do not go together, or are not whole.
fn together(world: &World) -> Rows {
    vec![
        ("two files that contradict each other", {
            local(world, "[socketio]\nmax_message_size = \"1MiB\"\n")
                .file("config/default.toml", "[events]\nqueue_size = \"1KiB\"\n")
        }),
        ("less room for all sockets than for one", {
            local(world, "[events]\nqueue_size = \"2MiB\"\ntotal_queue_size = \"1MiB\"\n")
        }),
        ("less room for what waits for all clients than for one", {
            local(world, "[socketio]\ntotal_unsent_size = \"1MiB\"\n")
        }),
        ("one port for two", {
            local(world, "[server]\nport = 9464\n")
                .without_env("LAMBDIO__METRICS__PORT")
                .without_env("LAMBDIO__SERVER__PORT")
        }),
        ("health within Socket.IO", { local(world, "[health]\npath = \"/live/health\"\n").set("socketio.path=/live") }),
        ("lifetimes of sessions", {
            local(
                world,
                "[auth]\naccess_token_lifetime = \"1h\"\n\
                 [auth.accounts]\nsession_idle_timeout = \"1h\"\nsession_lifetime = \"30m\"\n",
            )
        }),
        ("half a setting", local(world, "[server.tls]\ncert_file = \"certificate.pem\"\n")),
        ("half a setting, and the other half misspelt", {
            local(world, "[server.tls]\ncert_file = \"certificate.pem\"\nkey_fiel = \"key.pem\"\n")
        }),
        (
            "what production refuses",
            local(world, "[auth.accounts]\nbcrypt_cost = 4\n").args(["--profile", "production"]),
        ),
        ("what development refuses", local(world, "[server]\nhost = \"0.0.0.0\"\n")),
    ]
}

/// Who may do what, and where nobody can log in.
fn logins(world: &World) -> Rows {
    vec![
        ("roles without a login", local(world, "[namespaces.\"/errors\"]\nroles = [\"admin\"]\n")),
        ("roles of a handler without a login", local(world, "[handlers.\"/errors\".slow]\nroles = [\"admin\"]\n")),
        ("a login that nobody can have", local(world, "[namespaces.\"/errors\"]\nauth = \"required\"\n")),
        ("a login for a handler, where nobody is asked", {
            local(world, "[handlers.\"/errors\".slow]\nauth = \"required\"\n")
        }),
        ("logins for routes that nobody can have", {
            local(
                world,
                "[routes.\"GET /greeting\"]\nroles = [\"admin\"]\n[routes.\"GET /limits/most\"]\nauth = \"required\"\n",
            )
        }),
        ("a rate for each user, where nobody can log in", {
            local(world, "[events.rate_limit]\nper_user = \"1/s\"\n[socketio.connect_rate_limit]\nper_user = \"1/s\"\n")
        }),
        ("a rate for each user, where nobody is asked", {
            local(
                world,
                "[handlers.\"/limits\".length.rate_limit]\nper_user = \"1/s\"\n\
                 [routes.\"GET /greeting\".rate_limit]\nper_user = \"1/s\"\n",
            )
        }),
        ("roles where guests come in", {
            local(world, "[auth.accounts]\n[namespaces.\"/errors\"]\nauth = \"optional\"\nroles = [\"admin\"]\n")
        }),
        ("no roles, and roles without a name", {
            local(
                world,
                "[auth.accounts]\n[namespaces.\"/errors\"]\nauth = \"required\"\nroles = []\n\
                 [handlers.\"/errors\".slow]\nroles = [\"\", \"admin \"]\n\
                 [routes.\"GET /greeting\"]\nroles = [\"a\\nb\"]\n",
            )
        }),
        ("a login of a handler that is not required", {
            local(
                world,
                "[handlers.\"/errors\".slow]\nauth = \"optional\"\n[routes.\"GET /greeting\"]\nauth = \"none\"\n",
            )
        }),
        ("less than what functions ask for", {
            world.example("policies").file(
                "config/local.toml",
                "[auth.accounts]\n[namespaces.\"/desk\"]\nauth = \"optional\"\n\
                 [namespaces.\"/vault\"]\nauth = \"none\"\n",
            )
        }),
        ("a renewal where nobody logs in", local(world, "[handlers.\"/errors\".\"auth:renew\"]\ntimeout = \"1s\"\n")),
        ("a route of accounts that there are not", local(world, "[routes.\"POST /auth/login\"]\ntimeout = \"1s\"\n")),
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
        ("an unknown event that is like no other", local(world, "[handlers.\"/errors\".zzzzzz]\nenabled = false\n")),
        ("events in the order of their lines", {
            let events =
                ["solw", "fien", "crat", "eidt"].map(|event| format!("[handlers.\"/errors\".{event}]\n\n\n\n"));
            local(world, &events.concat())
        }),
        ("an unknown catch-all", local(world, "[handlers.\"/errors\".\"*\"]\nenabled = false\n")),
        ("an unknown route", local(world, "[routes.\"GET /adress\"]\nenabled = false\n")),
        ("a route with another method", local(world, "[routes.\"POST /greeting\"]\nenabled = false\n")),
        ("a route whose parameter has another name", {
            world.documents().file("config/local.toml", "[routes.\"GET /documents/{name}/text\"]\nenabled = false\n")
        }),
        ("two routes that are like no other", {
            local(world, "[auth.accounts]\n[routes.\"GET /zzzzzz\"]\n[routes.\"/auth/login\"]\n")
        }),
        ("an unknown key of the application", world.documents().set("app.documents.max_peolpe=1")),
        ("wrong values of the application", {
            world.documents().file("config/local.toml", "[app.documents]\nmax_people = \"many\"\nread_only = 1\n")
        }),
        (
            "what the application's own check finds",
            world.documents().file("config/local.toml", "[app.documents]\nmax_document_size = \"9MiB\"\n"),
        ),
        ("a misspelt table of the application", {
            world.documents().file("config/local.toml", "[app.document]\nmax_people = 1\n[app.others]\n")
        }),
        ("a value in the place of the application's table", world.documents().set("app.documents=1")),
    ]
}

/// Paths that something else has.
fn paths(world: &World) -> Rows {
    vec![
        ("a route within Socket.IO", local(world, "[socketio]\npath = \"/greeting\"\n")),
        ("a route in the place of health", {
            world.example("journal").file("config/local.toml", "[health]\npath = \"/moved\"\n")
        }),
        ("a page in the place of health, which was moved", {
            local(world, "[pages]\ndir = \"pages\"\n[health]\npath = \"/guide\"\n")
                .file("pages/guide/ready", "<!doctype html>")
        }),
        ("a page in the place of health", {
            local(world, "[pages]\ndir = \"pages\"\n").file("pages/health/live.html", "<!doctype html>")
        }),
    ]
}

/// What is wrong with a program, whatever its settings are.
fn programs(world: &World) -> Rows {
    let example = |name| world.example(name).file("config/local.toml", "");
    vec![
        ("no handlers", example("without_handlers")),
        ("two handlers for one event, and an event of the runtime", example("duplicate")),
        ("the same, and no folder of settings", world.example("duplicate")),
        ("middleware, and two catch-alls", example("middleware_mistakes")),
        ("roles of functions without a login", example("roles_without_login")),
        ("logins of functions that nobody can have", example("policies")),
    ]
}

/// Files that settings name, and addresses.
fn files(world: &World) -> Rows {
    let embedded = |text: &str| local(world, &format!("[auth.accounts]\n[mongo.embedded]\n{text}"));
    vec![
        ("no folder of pages", local(world, "[pages]\ndir = \"nowhere\"\n")),
        ("a file in the place of the folder of pages", local(world, "[pages]\ndir = \"config/local.toml\"\n")),
        ("no certificate and no key", {
            local(world, "[server.tls]\ncert_file = \"none.pem\"\nkey_file = \"none.key\"\n")
        }),
        ("a certificate that is none", {
            local(world, "[server.tls]\ncert_file = \"config/local.toml\"\nkey_file = \"config/local.toml\"\n")
        }),
        ("a certificate without a name, and a key that is not there", {
            local(world, "[server.tls]\ncert_file = \"\"\nkey_file = \"none.key\"\n")
        }),
        ("a mongod that is not there", embedded("binary = \"nowhere/mongod\"\n")),
        ("a mongod that is none", embedded("binary = \"config/local.toml\"\n")),
        ("no place for data, and none for a mongod", {
            embedded("cache_dir = \"config/local.toml\"\ndata_dir = \"/proc/lambdio\"\n").env("PATH", "/nowhere")
        }),
        // RFC 5737: for documentation, nobody's
        ("addresses of another machine", {
            local(
                world,
                "[server]\nallow_insecure = true\nhost = \"198.51.100.1\"\n[metrics]\nhost = \"203.0.113.1\"\n",
            )
        }),
    ]
}

/// Keys of tokens.
fn keys(world: &World) -> Rows {
    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
                          MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
                          -----END PUBLIC KEY-----\n";
    let accounts = "[auth.accounts]\n";
    let keys = |text: &str| local(world, &format!("{accounts}{text}"));
    vec![
        ("a key of tokens without its key", keys("[[auth.keys]]\nid = \"2026\"\n")),
        ("a secret that is too short", keys("[[auth.keys]]\nid = \"2026\"\nkey = \"hunter2 hunter2\"\n")),
        ("keys without an id, and of another algorithm", {
            keys(
                "[[auth.keys]]\nkey_file = \"new.key\"\n\
                 [[auth.keys]]\nid = \"old\"\nalgorithm = \"RS256\"\nkey_file = \"old.key\"\n",
            )
        }),
        ("a key without an id beside others that are wrong", {
            keys(
                "[[auth.keys]]\nid = \"new\"\nkey_file = \"none.key\"\n[[auth.keys]]\nkey_file = \"\"\n\
                 [[auth.keys]]\nid = \"\"\nkey = \"hunter2\"\n[[auth.keys]]\nid = 1\nkey_file = \"gone.key\"\n",
            )
        }),
        ("ids of keys, and a key that is there twice", {
            keys(
                "[[auth.keys]]\nid = \"new key\"\nkey_file = \"new.key\"\n\
                 [[auth.keys]]\nid = \"old\"\nkey_file = \"old.key\"\n\
                 [[auth.keys]]\nid = \"old\"\nkey = \"hunter2 hunter2 hunter2 hunter2\"\nkey_file = \"older.key\"\n",
            )
        }),
        ("files of keys", {
            keys(
                "[[auth.keys]]\nid = \"new\"\nkey_file = \"none.key\"\n\
                 [[auth.keys]]\nid = \"old\"\nkey_file = \"empty.key\"\n\
                 [[auth.keys]]\nid = \"older\"\nkey_file = \"short.key\"\n\
                 [[auth.keys]]\nid = \"oldest\"\nkey_file = \"config\"\n",
            )
            .file("empty.key", "\n")
            .file("short.key", "hunter2 hunter2\n")
        }),
        ("keys for another algorithm", {
            keys(
                "[[auth.keys]]\nid = \"new\"\nalgorithm = \"EdDSA\"\nkey_file = \"public.pem\"\n\
                 [[auth.keys]]\nid = \"old\"\nkey_file = \"public.pem\"\n\
                 [[auth.keys]]\nid = \"older\"\nalgorithm = \"EdDSA\"\nkey_file = \"secret.key\"\n\
                 [[auth.keys]]\nid = \"oldest\"\nalgorithm = \"EdDSA\"\nkey = \"hunter2 hunter2\"\n",
            )
            .file("public.pem", PUBLIC)
            .file("secret.key", "hunter2 hunter2 hunter2 hunter2 hunter2\n")
        }),
        ("a key that never ends", keys("[[auth.keys]]\nid = \"new\"\nkey_file = \"/dev/zero\"\n")),
        ("no folder in which a key could be made", keys("[mongo.embedded]\ndata_dir = \"config/local.toml\"\n")),
        ("no key in a profile of one's own", {
            local(world, accounts).file("config/staging.toml", "").args(["--profile", "staging"])
        }),
        (
            "the key of the development profile, cut short",
            local(world, accounts).file("data/mongodb/auth.key", "hunter2 hunter2\n"),
        ),
    ]
}

/// Certificates and their keys.
fn certificates(world: &World) -> Rows {
    let (own, other) = (Certificate::new(), Certificate::new());
    let section = |label: &str, text: &str| format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n");
    let tls = |certificate: &str, key: &str| {
        local(world, "[server.tls]\ncert_file = \"certificate.pem\"\nkey_file = \"key.pem\"\n")
            .file("certificate.pem", certificate)
            .file("key.pem", key)
    };
    let cut_off = |text: &str| text.lines().take(2).collect::<Vec<_>>().join("\n");
    vec![
        ("a certificate of another key", tls(&own.certificate, &other.key)),
        ("a certificate and a key that are cut off", tls(&cut_off(&own.certificate), &cut_off(&own.key))),
        (
            "a certificate and a key that are not base64",
            tls(&section("CERTIFICATE", "!"), &section("PRIVATE KEY", "!")),
        ),
        ("a certificate that is not understood", tls(&section("CERTIFICATE", "bm9uZQ=="), &own.key)),
        ("a key that is not understood", tls(&own.certificate, &section("PRIVATE KEY", "bm9uZQ=="))),
        ("a key in the place of the certificate", tls(&own.key, &own.certificate)),
    ]
}

/// Traces, in a program with the feature for them and in one without.
fn traces(world: &World) -> Rows {
    let traced = |text: &str| world.example("traced").file("config/local.toml", &format!("[otlp]\n{text}"));
    vec![
        ("traces without the feature", local(world, "[otlp]\nendpoint = \"http://127.0.0.1:4318\"\n")),
        ("traces without a collector", traced("sample = 2\n")),
        ("a collector that is not asked over HTTP, and its headers", {
            traced(
                "endpoint = \"grpc://collector:4317\"\nservice_name = \" \"\n\
                 [otlp.headers]\n\"two words\" = \"1\"\nauthorization = \"Bearer sword\\u0001fish\"\n",
            )
        }),
        ("a collector without an address", traced("endpoint = \"http://\"\n")),
        ("a collector with a user", traced("endpoint = \"http://ada:hunter2@collector:4318\"\n")),
        ("a collector with a query", traced("endpoint = \"http://collector:4318?key=1\"\n")),
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
