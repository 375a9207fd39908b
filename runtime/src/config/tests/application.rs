//! The application's own tables.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::{Config, Secret};
use super::{Place, local, nothing};

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Mailer {
    host: String,
    #[serde(default)]
    port: u16,
    password: Option<Secret>,
    #[serde(default)]
    security: Security,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Security {
    #[default]
    StartTls,
    None,
}

#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
struct Limits {
    uploads: u32,
}

fn lines(place: &Place, config: &Config) -> Vec<String> {
    let errors = config.app::<Mailer>("mailer").expect_err("a wrong table");
    place.shorten(&errors.to_string()).lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn a_table_becomes_a_value_of_its_type() {
    let config = local("[app.mailer]\nhost = \"mail\"\nport = 25\nsecurity = \"none\"\nheaders.a = \"b\"")
        .env("LAMBDIO__APP__MAILER__PASSWORD", "0123")
        .env("LAMBDIO__APP__MAILER__PORT", "587")
        .load();
    let mailer: Mailer = config.app("mailer").expect("a mailer");
    assert_eq!(mailer.port, 587);
    assert_eq!(mailer.password.as_ref().map(Secret::expose), Some("0123"));
    assert_eq!(mailer.security, Security::None);
    assert_eq!(mailer.headers["a"], "b");
}

#[test]
fn a_missing_table_is_an_empty_one() {
    let config = nothing().load();
    assert_eq!(config.app::<Limits>("limits"), Ok(Limits::default()));
    assert_eq!(lines(&nothing(), &config), ["app.mailer.host: is missing"]);
}

#[test]
fn mistakes_are_reported_as_in_our_own_tables() {
    let place = local("[app.mailer]\nhots = \"mail\"\nport = \"many\"\nsecurity = \"tls\"\nheaders = { a = 1 }");
    assert_eq!(
        lines(&place, &place.load()),
        [
            "local.toml:2: app.mailer.hots: unknown key; did you mean app.mailer.host?",
            "local.toml:3: app.mailer.port: expected an integer from 0 to 65535, found a string",
            "local.toml:4: app.mailer.security: expected \"start-tls\" or \"none\", found \"tls\"",
            "local.toml:5: app.mailer.headers.a: expected a string, found an integer",
        ]
    );
}

#[test]
fn a_variable_for_no_key_of_the_application_is_refused() {
    let place = nothing().env("LAMBDIO__APP__MAILER__HOTS", "mail").set("app.mailer.host=mail");
    assert_eq!(
        lines(&place, &place.load()),
        ["LAMBDIO__APP__MAILER__HOTS: unknown variable; did you mean LAMBDIO__APP__MAILER__HOST?"]
    );
}

#[test]
fn what_stands_directly_under_app_is_a_table() {
    assert_eq!(local("[app]\nmailer = 1").lines(), ["local.toml:2: app.mailer: expected a table, found an integer"]);
}

#[test]
fn a_table_of_the_application_that_was_a_value_below_is_no_mistake_where_it_may_be_both() {
    let place = local("[app.menu]\nsize = 3\ninner = 1").set("app.menu.size.from=1").set("app.menu.size.to=2");
    let place = place.set("app.menu.inner.title=\"a\"");
    let errors = place.load().app::<Menu>("menu").expect_err("a wrong menu");
    assert_eq!(
        place.shorten(&errors.to_string()).lines().skip(1).collect::<Vec<_>>(),
        ["local.toml:3: app.menu.inner: expected a table, found an integer"]
    );
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Menu {
    #[serde(default)]
    title: String,
    #[serde(default)]
    below: Vec<Menu>,
    inner: Option<Box<Menu>>,
    size: Option<Size>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Size {
    Exact(u32),
    Range { from: u32, to: u32 },
}

#[test]
fn a_type_may_contain_itself_and_have_several_forms() {
    let text = "[app.menu]\nsize = 3\n[app.menu.inner]\nsize = { from = 1, to = 2 }\n[[app.menu.below]]\ntitle = \"a\"";
    let menu: Menu = local(text).load().app("menu").expect("a menu");
    assert!(matches!(menu.size, Some(Size::Exact(3))));
    let inner = menu.inner.expect("an inner menu");
    assert!(matches!(inner.size, Some(Size::Range { from: 1, to: 2 })));
    assert_eq!(menu.below[0].title, "a");

    let place = local("[app.menu]\nelsewhere = 1\nsize = { from = 1 }\n[[app.menu.below]]\ntitel = \"a\"");
    let errors = place.load().app::<Menu>("menu").expect_err("a wrong menu");
    let message = place.shorten(&errors.to_string());
    for part in [
        "local.toml:2: app.menu.elsewhere: unknown key; valid keys are below, inner, size, title",
        "local.toml:3: app.menu.size: ",
        "local.toml:5: app.menu.below.0.titel: unknown key; did you mean app.menu.below.0.title?",
    ] {
        assert!(message.contains(part), "{part}\n  is not in\n{message}");
    }
}
