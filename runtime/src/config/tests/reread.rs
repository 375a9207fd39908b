//! Settings that are read again while others are in use.

use super::super::restart::{Mark, marks};
use super::super::{Config, Settings};
use super::{Place, local};
use std::fs;

/// What has changed, and what needs a restart, once `local.toml` has this text.
fn reread(place: &Place, config: &Config, text: &str) -> (Config, Vec<String>, Vec<String>) {
    fs::write(place.dir.path().join("local.toml"), text).expect("a file");
    let reread = config.reread(|table| table == "once");
    assert!(reread.config.mistakes().is_none(), "{:?}", reread.config.mistakes());
    let told = |changes: &[super::super::Change]| changes.iter().map(ToString::to_string).collect();
    let (changes, waiting) = (told(&reread.changes), told(&reread.waiting));
    (reread.config, changes, waiting)
}

#[test]
fn each_setting_is_told_with_its_values_and_a_default_is_no_change() {
    let place = local("events.timeout = \"1s\"\n");
    let (_, changes, waiting) = reread(
        &place,
        &place.load(),
        "events.max_in_flight = 7\nserver.port = 3000\n[handlers.\"/chat\".say]\nroles = [\"admin\"]\n",
    );
    assert_eq!(
        changes,
        [
            "events.max_in_flight: 10000 -> 7",
            "events.timeout: \"1s\" -> \"10s\"",
            "handlers.\"/chat\".say.roles: (none) -> [\"admin\"]",
        ]
    );
    assert!(waiting.is_empty(), "{waiting:?}");
}

#[test]
fn what_needs_a_restart_stays_and_is_told_each_time() {
    let place = local("server.port = 4000\nmongo.max_pool_size = 3\n");
    let text = "server.port = 5000\nsocketio.max_rooms = 5\n";
    let (config, changes, waiting) = reread(&place, &place.load(), text);
    assert_eq!(changes, ["socketio.max_rooms: 1000 -> 5"]);
    assert_eq!(waiting, ["mongo.max_pool_size: 3 -> 10", "server.port: 4000 -> 5000"]);
    assert_eq!((config.settings().server.port, config.settings().mongo.max_pool_size), (4000, 3));
    assert_eq!(config.settings().socketio.max_rooms, 5);
    let (_, changes, again) = reread(&place, &config, text);
    assert_eq!((changes.len(), again), (0, waiting));
}

#[test]
fn a_table_that_comes_needs_a_restart_and_what_is_in_it_does_not() {
    let place = local("");
    let with_accounts = "[auth.accounts]\nbcrypt_cost = 5\n";
    let (config, changes, waiting) = reread(&place, &place.load(), with_accounts);
    assert_eq!((changes.len(), waiting), (0, vec!["auth.accounts.bcrypt_cost: (none) -> 5".to_owned()]));
    assert!(config.settings().auth.accounts.is_none());
    let place = local("[auth.accounts]\n");
    let (config, changes, waiting) = reread(&place, &place.load(), with_accounts);
    assert_eq!((changes, waiting.len()), (vec!["auth.accounts.bcrypt_cost: 12 -> 5".to_owned()], 0));
    let (_, _, waiting) = reread(&place, &config, "");
    assert_eq!(waiting, ["auth.accounts.bcrypt_cost: 5 -> (none)"]);
}

#[test]
fn secrets_and_the_applications_own_are_told_without_their_values() {
    let key =
        |secret: &str| format!("auth.keys = [{{ id = \"1\", key = \"{secret}\" }}]\n[app.live]\nword = \"{secret}\"\n");
    let (one, two) = ("the first secret of more than 32 bytes", "the second secret of more than 32 bytes");
    let place = local(&key(one));
    let (config, changes, waiting) = reread(&place, &place.load(), &key(two));
    assert_eq!((changes, waiting.len()), (vec!["app.live.word".to_owned(), "auth.keys".to_owned()], 0));
    let (_, _, waiting) = reread(&place, &config, &format!("{}[app.once]\nword = \"{one}\"\n", key(two)));
    assert_eq!(waiting, ["app.once.word"]);
}

#[test]
fn what_goes_together_only_after_a_restart_is_refused_until_then() {
    let place = local("socketio.max_message_size = \"2MiB\"\nevents.queue_size = \"2MiB\"\n");
    let config = place.load();
    fs::write(place.dir.path().join("local.toml"), "").expect("a file");
    let reread = config.reread(|_| false);
    let errors = reread.config.mistakes().expect("the queue is too small for messages of now").to_string();
    assert!(errors.contains("events.queue_size") || errors.contains("socketio.max_message_size"), "{errors}");
}

#[test]
fn the_environment_and_the_command_line_stay_above_files() {
    let place = local("").set("events.timeout=3s").env("LAMBDIO__EVENTS__QUEUE_LENGTH", "5");
    let text = "events.timeout = \"1s\"\nevents.queue_length = 9\nevents.blocking_threads = 1\n";
    let (_, changes, _) = reread(&place, &place.load(), text);
    assert_eq!(changes, ["events.blocking_threads: 4 -> 1"]);
}

#[test]
fn marks_are_found_wherever_they_stand() {
    let schema = Settings::schema().to_value();
    let of = |key: &str| marks(&schema, &key.split('.').map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(of("mongo.embedded.data_dir").first(), Some(&Mark::Restart));
    assert_eq!(of("server.port"), [Mark::Live, Mark::Restart]);
    assert_eq!(of("server.tls.cert_file"), [Mark::Live, Mark::Presence, Mark::Live]);
    assert_eq!(of("otlp.endpoint"), [Mark::Presence, Mark::Restart]);
    assert_eq!(of("auth.accounts.login_rate_limit.per_account").len(), 4);
    assert_eq!(of("handlers./chat.say.rate_limit.per_user"), [Mark::Live; 5]);
    assert_eq!(of("routes.GET /.enabled"), [Mark::Live; 3]);
}
