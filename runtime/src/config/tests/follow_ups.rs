//! A mistake is reported once: what only follows from it is not.

use super::{Config, Place, local, place};

fn read(place: &Place) -> Config {
    Config::read(&place.sources)
}

#[test]
fn what_is_right_is_there_beside_what_is_wrong() {
    let config =
        read(&local("[events]\ntimeout = 1\nqueue_length = 7\n[server.tls]\ncert_file = 1\nkey_file = \"key\"\n"));
    assert_eq!(config.settings().events.queue_length, 7);
    assert_eq!(config.mistakes().map(|mistakes| mistakes.problems().len()), Some(2));
    assert!(config.settings().server.tls.is_none(), "half a setting is none");
    for (path, unsure) in [
        (["events", "timeout"], true),
        (["events", "queue_length"], false),
        (["server", "tls"], true),
        (["server", "port"], false),
    ] {
        assert_eq!(config.is_unsure(&path), unsure, "{path:?}");
    }
}

#[test]
fn a_misspelt_key_may_be_the_one_that_is_missing() {
    let place = local("[auth.acounts]\n[server.tls]\ncert_file = \"a.pem\"\nkey_fiel = \"a.key\"\n");
    assert_eq!(
        place.lines(),
        [
            "local.toml:1: auth.acounts: unknown key; did you mean auth.accounts?",
            "local.toml:4: server.tls.key_fiel: unknown key; did you mean server.tls.key_file?",
        ]
    );
    assert!(read(&place).may_have_accounts());
    assert!(!read(&local("[evnets]\n")).may_have_accounts());
}

#[test]
fn where_a_file_cannot_be_read_nothing_is_missing() {
    let place =
        place(&[("default.toml", "[server.tls]\ncert_file = \"a.pem\"\n[evnets]\n"), ("local.toml", "[server.tls\n")]);
    let lines = place.lines();
    let problems: Vec<_> = lines.iter().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(problems.len(), 2, "{lines:#?}");
    assert!(problems[0].starts_with("default.toml:3: evnets: unknown key"), "{lines:#?}");
    assert!(read(&place).is_unsure(&["pages", "dir"]));
}
