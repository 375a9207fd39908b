//! What is said to somebody in a hurry.

use std::fs;
use std::os::unix::fs::symlink;

use super::{local, nothing, place};

#[test]
fn a_variable_with_too_few_underscores_leads_to_the_right_one() {
    let lines = nothing()
        .env("LAMBDIO_SERVER_PORT", "8080")
        .env("LAMBDIO_MONGO__URI", "mongodb://ada:hunter2@db")
        .env("lambdio_log_level", "debug")
        .env("LAMBDIO_AUTH_KEYS", "[]")
        .env("LAMBDIO__PROFILE", "production")
        .lines();
    assert_eq!(
        lines,
        [
            "LAMBDIO__PROFILE: unknown variable; did you mean LAMBDIO_PROFILE?",
            "LAMBDIO_SERVER_PORT: no setting is called so; did you mean LAMBDIO__SERVER__PORT?",
            "LAMBDIO_MONGO__URI: no setting is called so; did you mean LAMBDIO__MONGO__URI?",
            "lambdio_log_level: no setting is called so; did you mean LAMBDIO__LOG__LEVEL?",
            "LAMBDIO_AUTH_KEYS: no setting is called so; did you mean LAMBDIO__AUTH__KEYS?",
        ]
    );
}

#[test]
fn variables_of_others_are_left_alone() {
    let config = nothing()
        .env("LAMBDIO_PROFILE", "production")
        .env("LAMBDIO_SERVER_PORT", "tcp://10.0.0.7:3000")
        .env("LAMBDIO_SERVER_SERVICE_HOST", "10.0.0.7")
        .env("LAMBDIO_HOME", "/opt/lambdio")
        .load();
    assert_eq!(config.settings().server.port, 3000);
}

#[test]
fn two_spellings_of_a_variable_do_not_fight() {
    let lines = nothing().env("LAMBDIO__SERVER__PORT", "8080").env("LAMBDIO__server__port", "9090").lines();
    assert_eq!(lines, ["LAMBDIO__server__port: LAMBDIO__SERVER__PORT is the same setting; leave one of them out"]);
}

#[test]
fn text_without_quotes_is_told_what_it_lacks() {
    for line in ["host = 127.0.0.1", "host = localhost", "host = ::1", "timeout = 5s"] {
        let errors = local(&format!("[server]\n{line}")).errors();
        assert!(errors.contains("quote"), "{line}: {errors}");
    }
    let errors = local("[server]\nport = 1__0").errors();
    assert!(!errors.contains("quote"), "{errors}");
}

#[test]
fn a_list_has_an_example() {
    let lists = nothing()
        .env("LAMBDIO__SERVER__PUBLIC_URLS", "[https://a.example]")
        .set("socketio.origins=https://a.example")
        .lines();
    let expected = "expected a list such as [\"one\", \"another\"], found a string";
    assert_eq!(
        lists,
        [
            format!("LAMBDIO__SERVER__PUBLIC_URLS: server.public_urls: {expected}"),
            format!("--set: socketio.origins: {expected}"),
        ]
    );
}

#[test]
fn what_is_wrong_within_a_variable_is_said_of_its_key() {
    let lines = nothing().env("LAMBDIO__AUTH__KEYS", "[{ id = \"a\", kye_file = \"/run/key\" }]").lines();
    assert_eq!(lines, ["LAMBDIO__AUTH__KEYS: auth.keys.0.kye_file: unknown key; did you mean auth.keys.0.key_file?"]);
    let short = nothing()
        .env("LAMBDIO__AUTH__KEYS", "[{ id = \"a\", key = \"hunter2\" }]")
        .set("auth.accounts.bcrypt_cost=10")
        .lines();
    assert_eq!(short, ["LAMBDIO__AUTH__KEYS: auth.keys.0.key: must have at least 32 bytes (its value is not shown)"]);
}

#[test]
fn an_address_of_the_database_is_looked_at_without_asking_it() {
    let port = nothing().env("LAMBDIO__MONGO__URI", "mongodb://ada:hunter2@db:99999").errors();
    assert!(port.contains("LAMBDIO__MONGO__URI: mongo.uri: invalid server address db:99999"), "{port}");
    let half = nothing().env("LAMBDIO__MONGO__URI", "mongodb://ada:hunter?2@db").errors();
    assert!(half.contains("percent-encoded") && !half.contains("hunter"), "{half}");
}

#[test]
fn months_are_no_minutes() {
    let lines = local("[events]\ntimeout = \"1M\"").lines();
    assert!(lines.concat().contains("events.timeout: expected a duration such as \"2s\" or \"500ms\": M would be"));
    for right in ["1m", "5 min", "2months"] {
        local(&format!("[auth]\nexpiry_notice = \"{right}\"\naccess_token_lifetime = \"300days\"")).load();
    }
}

#[test]
fn a_file_that_is_none_is_not_left_out() {
    let dangling = place(&[]);
    symlink("gone.toml", dangling.dir.path().join("local.toml")).expect("a link");
    assert_eq!(dangling.lines(), ["local.toml: cannot be read: it is a link that leads nowhere"]);

    let endless = place(&[]);
    symlink("/dev/zero", endless.dir.path().join("local.toml")).expect("a link");
    assert_eq!(endless.lines(), ["local.toml: cannot be read: it is no file"]);

    let large = local(&"# a line\n".repeat(200_000));
    assert_eq!(large.lines(), ["local.toml: cannot be read: it is larger than 1 MiB"]);
}

#[test]
fn a_folder_that_was_there_is_missed_when_it_is_read_again() {
    let mut place = local("[events]\ntimeout = \"1s\"");
    place.sources.dir_required = false;
    let config = place.load();
    assert_eq!(config.missing_folder(), None);
    fs::remove_dir_all(place.dir.path()).expect("it was there");
    let mistakes = config.read_again().mistakes().map(ToString::to_string).unwrap_or_default();
    assert!(mistakes.contains("there is no directory"), "{mistakes}");
}
