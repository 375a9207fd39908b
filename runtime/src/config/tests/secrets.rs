//! Secrets stay secret.

use super::{local, nothing};

const PASSWORD: &str = "hunter2";

#[test]
fn no_message_shows_a_secret() {
    let wrong = [
        "[mongo]\nuri = \"http://u:hunter2@db\"",
        "[mongo]\nuri = [\"hunter2\"]",
        "[[auth.keys]]\nid = \"a\"\nkey = \"hunter2\"",
        "[[auth.keys]]\nid = \"a\"\nkey = \"hunter2",
        "[[auth.keys]]\nid = \"a\"\nkey = hunter2",
        "[[auth.keys]]\nid = \"a\"\nkey = [\"hunter2\"]",
        "[[auth.keys]]\nid = \"a\"\nkye = \"hunter2\"",
        "[auth]\nkeys = [{ id = \"a\", key = hunter2 }]",
        "[auth]\nkeys = [\"hunter2\"]",
        "[auth]\nkeys = \"hunter2\"",
        "mongo = { uri = \"hunter2 }",
        "[[auth.keys]]\nkey = \"\"\"\nhunter2\"\"",
        "[app.mailer]\npassword = hunter2",
        "[auth]\nkye = \"hunter2\"",
    ];
    for text in wrong {
        let message = local(text).errors();
        assert!(!message.contains(PASSWORD), "{text}\n  gives\n{message}");
    }
    for place in [
        nothing().env("LAMBDIO__MONGO__URI", PASSWORD),
        nothing().env("LAMBDIO__AUTH__KYE", PASSWORD),
        nothing().env("LAMBDIO__AUTH__KEYS", r#"[{ id = "a", key = "hunter2" }]"#),
        nothing().env("LAMBDIO__AUTH__KEYS", r#"[{ id = "a", key = "hunter2 }]"#),
        nothing().set("auth.keys=hunter2"),
        nothing().set("auth keys=hunter2"),
        nothing().set("hunter2"),
    ] {
        let message = place.errors();
        assert!(!message.contains(PASSWORD), "{message}");
    }
}

#[test]
fn no_debug_output_shows_a_secret() {
    let keys = format!("[{{ id = \"a\", key = \"{}\" }}]", PASSWORD.repeat(5));
    let place = nothing()
        .set("mongo.uri=mongodb://u:hunter2@db")
        .env("LAMBDIO__APP__MAILER__PASSWORD", PASSWORD)
        .env("LAMBDIO__AUTH__KEYS", &keys);
    let config = place.load();
    let settings = serde_json::to_string(config.settings()).expect("JSON");
    let shown = format!("{:?} {:?} {settings} {:?}", place.sources, config, config.settings());
    assert!(!shown.contains(PASSWORD), "{shown}");
    assert!(shown.contains("[hidden]"));
}
