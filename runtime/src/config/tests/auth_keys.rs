//! `[[auth.keys]]` and the other settings of tokens.

use super::super::{KeyAlgorithm, Secret};
use super::{local, nothing, origin, place};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn keys_come_from_files_the_environment_and_the_command_line() {
    let text =
        "[[auth.keys]]\nid = \"new\"\nalgorithm = \"EdDSA\"\nkey_file = \"new.pem\"\n\n[[auth.keys]]\nid = \"old\"\n";
    let place = local(&format!("{text}key = \"{SECRET}\""));
    let config = place.load();
    let keys = &config.settings().auth.keys;
    let seen: Vec<_> = keys.iter().map(|key| (key.id.as_str(), key.algorithm)).collect();
    assert_eq!(seen, [("new", KeyAlgorithm::EdDsa), ("old", KeyAlgorithm::Hs256)]);
    assert_eq!(keys[1].key.as_ref().map(Secret::expose), Some(SECRET));
    assert_eq!(origin(&place, &config, &["auth", "keys", "1", "id"]), "local.toml:7");

    let list = format!("[{{ id = \"1\", key = \"{SECRET}\" }}]");
    for place in [nothing().env("LAMBDIO__AUTH__KEYS", &list), nothing().set(&format!("auth.keys={list}"))] {
        let keys = place.load().settings().auth.keys.clone();
        assert_eq!((keys.len(), keys[0].id.as_str()), (1, "1"));
    }
}

#[test]
fn a_higher_layer_replaces_all_keys() {
    let keys = |id: &str| format!("[[auth.keys]]\nid = \"{id}\"\nkey_file = \"{id}.key\"");
    let config = place(&[("default.toml", &keys("shared")), ("local.toml", &keys("own"))]).load();
    let seen: Vec<_> = config.settings().auth.keys.iter().map(|key| key.id.clone()).collect();
    assert_eq!(seen, ["own"]);
}

#[test]
fn what_is_wrong_with_a_key_is_told_and_the_key_is_not_shown() {
    let text = [
        "[auth]",
        "keys = [",
        "    { id = \"1\", key_file = \"a\" },",
        "    { id = \"1\", key_file = \"b\" },",
        "    { id = \"two words\", key_file = \"c\" },",
        "    { id = \"short\", key = \"   0123456789abcdef0123456789abcde   \" },",
        "    { id = \"both\", key = \"0123456789abcdef0123456789abcdef\", key_file = \"d\" },",
        "    { id = \"none\" },",
        "    { id = \"empty\", key_file = \"\" },",
        "]",
    ];
    let expected = [
        "local.toml:4: auth.keys.1.id: \"1\" is another key's id already (local.toml:3)",
        "local.toml:5: auth.keys.2.id: must be 1 to 64 letters, digits, \".\", \"_\" and \"-\" of ASCII, such as \"2026-11\"",
        "local.toml:6: auth.keys.3.key: must have at least 32 bytes (its value is not shown)",
        "local.toml:7: auth.keys.4.key: given together with key_file; keep one of them",
        "local.toml:8: auth.keys.5: has no key; set its key_file or key",
        "local.toml:9: auth.keys.6.key_file: must not be empty",
    ];
    assert_eq!(local(&text.join("\n")).lines(), expected);
}

#[test]
fn a_key_has_an_id_and_an_algorithm_of_two() {
    let lines = local("[[auth.keys]]\nkey_file = \"a\"\n[[auth.keys]]\nid = \"b\"\nalgorithm = \"none\"").lines();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with("local.toml:1: auth.keys.0.id: is missing"), "{lines:#?}");
    assert!(lines[1].starts_with("local.toml:5: auth.keys.1.algorithm: expected \"HS256\" or \"EdDSA\""), "{lines:#?}");
}

#[test]
fn issuer_audience_and_leeway_have_their_form() {
    let lines = local("[auth]\nissuer = \"\"\naudience = \"\"\nleeway = \"61s\"").lines();
    assert_eq!(
        lines,
        [
            "local.toml:2: auth.issuer: must not be empty",
            "local.toml:3: auth.audience: must not be empty",
            "local.toml:4: auth.leeway: must be whole seconds, at most 60s",
        ]
    );
    assert_eq!(local("[auth]\nleeway = \"1500ms\"").lines().len(), 1);
    assert!(local("[auth]\nleeway = \"0s\"").load().settings().auth.leeway.is_zero());
}
