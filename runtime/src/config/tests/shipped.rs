//! The files of the reference application.

use super::super::{Access, LogFormat, Settings};
use super::{Place, place};

const DEFAULT: &str = include_str!("../../../../config/default.toml");
const DEVELOPMENT: &str = include_str!("../../../../config/development.toml");
const PRODUCTION: &str = include_str!("../../../../config/production.toml");

fn shipped() -> Place {
    place(&[("default.toml", DEFAULT), ("development.toml", DEVELOPMENT), ("production.toml", PRODUCTION)])
}

#[test]
fn development_starts_as_shipped() {
    let config = shipped().load();
    assert!(config.warnings().is_empty());
    assert!(config.settings().auth.accounts.is_some());
    assert_eq!(config.settings().namespaces["/documents"].auth, Some(Access::Required));
    assert_eq!(config.settings().mongo.database, "documents");
}

#[test]
fn production_asks_for_what_only_the_operator_knows() {
    let lines = shipped().profile("production").lines();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("mongo.uri: the production profile needs")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("auth.accounts: accounts need a key")), "{lines:#?}");
    let config = shipped()
        .profile("production")
        .env("LAMBDIO__MONGO__URI", "mongodb://db.example.org")
        .env("LAMBDIO__AUTH__KEYS", r#"[{ id = "1", key_file = "/run/secrets/key" }]"#)
        .load();
    assert_eq!(config.settings().log.format, LogFormat::Json);
}

#[test]
fn default_toml_repeats_the_built_in_defaults() {
    let config = place(&[("default.toml", DEFAULT)]).load();
    let mut expected = Settings::default();
    expected.mongo.database = "documents".to_owned();
    expected.pages.dir = Some("handlers/public".into());
    expected.auth.accounts = config
        .settings()
        .auth
        .accounts
        .clone()
        .inspect(|accounts| assert_eq!(*accounts, super::super::Accounts::default()));
    expected.namespaces = config.settings().namespaces.clone();
    expected.handlers = config.settings().handlers.clone();
    expected.routes = config.settings().routes.clone();
    expected.app = config.settings().app.clone();
    assert_eq!(config.settings(), &expected);
}
