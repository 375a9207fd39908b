//! `schema`: what editors and people read is what the program takes.

use jsonschema::{Validator, draft202012};
use lambdio::config::{Config, Sources};
use lambdio_tests::{World, root, trials};
use serde_json::{Value, json};
use std::fs;

trials![
    the_committed_schema_is_the_one_that_is_printed,
    the_committed_page_is_the_one_that_is_printed,
    the_schema_is_one_and_the_shipped_files_fit,
    the_schema_knows_what_is_linked_into_the_program,
    the_schema_finds_mistakes,
    durations_rates_and_sizes_are_the_same_to_editors_and_to_the_program,
];

async fn printed(world: &World, arguments: &[&str]) -> String {
    let ended = world.documents().args(arguments.iter().copied()).run().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    ended.stdout
}

async fn schema(world: &World) -> Value {
    serde_json::from_str(&printed(world, &["schema"]).await).expect("JSON")
}

fn validator(schema: &Value) -> Validator {
    draft202012::new(schema).expect("a schema")
}

/// What an editor would underline.
fn mistakes(schema: &Value, toml: &str) -> Vec<String> {
    let settings: Value = toml::from_str(toml).expect("TOML");
    validator(schema).iter_errors(&settings).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

async fn the_committed_schema_is_the_one_that_is_printed(world: World) {
    let committed = fs::read_to_string(root().join("config/schema.json")).unwrap_or_default();
    let printed = printed(&world, &["schema"]).await;
    assert!(committed == printed, "it is another one: cargo run -- schema > config/schema.json");
}

async fn the_committed_page_is_the_one_that_is_printed(world: World) {
    let committed = fs::read_to_string(root().join("docs/configuration.md")).unwrap_or_default();
    let printed = printed(&world, &["schema", "--markdown"]).await;
    assert!(committed == printed, "it is another one: cargo run -- schema --markdown > docs/configuration.md");
}

async fn the_schema_is_one_and_the_shipped_files_fit(world: World) {
    let schema = schema(&world).await;
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    draft202012::meta::validate(&schema).expect("a schema of the draft it names");
    for file in ["default.toml", "development.toml", "production.toml"] {
        let text = fs::read_to_string(root().join("config").join(file)).expect("a shipped file");
        assert_eq!(text.lines().next(), Some("#:schema ./schema.json"), "{file}");
        assert_eq!(mistakes(&schema, &text), [""; 0], "{file}");
    }
}

async fn the_schema_knows_what_is_linked_into_the_program(world: World) {
    let schema = schema(&world).await;
    let properties = |pointer: &str| schema.pointer(pointer).and_then(Value::as_object).expect("an object").clone();
    assert!(properties("/properties/namespaces/properties").contains_key("/documents"));
    let events = properties("/properties/handlers/properties/~1documents/properties");
    assert!(events.contains_key("create") && events.contains_key("auth:renew"), "{events:?}");
    assert!(properties("/properties/routes/properties").contains_key("POST /auth/register"));
    assert!(properties("/properties/app/properties").contains_key("documents"));
    let text = schema.to_string();
    assert!(!text.contains("super::") && !text.contains("\"null\""), "for readers of TOML: {text}");
}

async fn the_schema_finds_mistakes(world: World) {
    let schema = schema(&world).await;
    for (toml, place) in [
        ("[server]\nport = 70000", "/server/port"),
        ("[server]\nprot = 1", "/server"),
        ("[events]\ntimeout = 2", "/events/timeout"),
        ("[events]\ntimeout = \"soon\"", "/events/timeout"),
        ("[log]\nformat = \"xml\"", "/log/format"),
        ("[handlers.\"/documents\".craete]\nenabled = false", "/handlers/~1documents"),
        ("[namespaces.\"/document\"]", "/namespaces"),
        ("[routes.\"GET /nowhere\"]", "/routes"),
        ("[app.documents]\nmax_people = \"many\"", "/app/documents/max_people"),
    ] {
        let found = mistakes(&schema, toml);
        assert!(found.iter().any(|mistake| mistake.starts_with(&format!("{place}: "))), "{toml}: {found:?}");
    }
    assert_eq!(mistakes(&schema, "[app.another]\nanything = 1"), [""; 0]);
    let keys: Value = json!({ "auth": { "keys": [{ "id": "a", "key_file": "a.key" }] } });
    assert!(validator(&schema).is_valid(&keys));
}

/// Texts of numbers and units, right ones and wrong ones, with white space in all places.
fn amounts(units: &[&str], others: &[&str]) -> Vec<String> {
    let mut texts: Vec<String> = others.iter().map(|text| (*text).to_owned()).collect();
    for number in ["", "0", "1", "05", "1.5", "1.", ".5", "1,5", "-1", "+1", "1 0", "1e3"] {
        for unit in units {
            for [before, between, behind] in
                [["", "", ""], ["", " ", ""], [" ", "\t", "\n"], ["", "\u{a0}", ""], ["\u{2003}", "", ""]]
            {
                texts.push(format!("{before}{number}{between}{unit}{behind}"));
            }
        }
    }
    texts
}

/// Whether the program takes a text for a key, which editors are not asked about here.
fn is_taken(key: &str, text: &str) -> bool {
    let overrides = vec![format!("{key}={}", toml::Value::from(text))];
    let sources = Sources { dir: "no such directory".into(), overrides, ..Sources::default() };
    Config::load(&sources).is_ok()
}

/// Whether it is a number of zeros, whatever its unit.
fn is_nothing(text: &str) -> bool {
    let digits = text.trim_start().trim_start_matches('0');
    digits.len() < text.trim_start().len() && !digits.starts_with(|c: char| c.is_ascii_digit())
}

async fn durations_rates_and_sizes_are_the_same_to_editors_and_to_the_program(world: World) {
    let validator = validator(&schema(&world).await);
    let durations = amounts(
        &[
            "", "ns", "nsec", "us", "usec", "µs", "μs", "ms", "millis", "s", "S", "sec", "secs", "second", "m", "M",
            "min", "minutes", "h", "hr", "hours", "d", "D", "days", "w", "wk", "weeks", "month", "months", "y",
            "years", "parsecs",
        ],
        &[
            "",
            " ",
            "0",
            " 0",
            "00",
            "1h 30m",
            "1h30m",
            "1 h 30 m",
            "1h, 30m",
            "1h 30",
            "500 µs",
            "1.5s 2ms",
            "1d 1.5h 3",
            "s",
            "soon",
        ],
    );
    let rates = amounts(
        &["/s", "/min", "/h", "/ min", " /h", "/d", "/S", "", "/"],
        &["", "20", "/s", "20/s/s", "007/h", "000/h"],
    );
    let sizes = amounts(
        &["", "B", "b", "kB", "KB", "K", "KiB", "kib", "Ki", "MiB", "MB", "M", "GiB", "gb", "TiB"],
        &["", " ", "1 Ki B"],
    );
    let mut different = Vec::new();
    for (key, texts) in [
        ("log.slow_invocation", durations),
        ("events.rate_limit.per_address", rates),
        ("socketio.max_message_size", sizes),
    ] {
        let mut taken = 0;
        // of no bytes the form is right, and no size may be that
        for text in texts.into_iter().filter(|text| !key.ends_with("size") || !is_nothing(text)) {
            let settings = key.rsplit('.').fold(json!(text), |inner, part| json!({ part: inner }));
            // a message may be too large for the queues; the form is right
            let by_program =
                is_taken(key, &text) || key.ends_with("size") && is_taken("events.total_queue_size", &text);
            taken += usize::from(by_program);
            if validator.is_valid(&settings) != by_program {
                different.push(format!(
                    "{key} = {text:?}: the program {}",
                    if by_program { "takes it" } else { "does not" }
                ));
            }
        }
        assert!(taken > 10, "{key}: {taken}");
    }
    assert!(different.is_empty(), "{different:#?}");
}
