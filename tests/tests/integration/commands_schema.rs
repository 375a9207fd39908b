//! `schema`: what editors and people read is what the program takes.

use jsonschema::{Validator, draft202012};
use lambdio_tests::{World, root, trials};
use serde_json::{Value, json};
use std::fs;

trials![
    the_committed_schema_is_the_one_that_is_printed,
    the_committed_page_is_the_one_that_is_printed,
    the_schema_is_one_and_the_shipped_files_fit,
    the_schema_knows_what_is_linked_into_the_program,
    the_schema_finds_mistakes,
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
