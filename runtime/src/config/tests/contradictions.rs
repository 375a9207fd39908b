//! Settings that are right alone and wrong together.

use super::{local, nothing};

#[test]
fn development_listens_elsewhere_only_when_that_is_allowed() {
    let lines = local("[server]\nhost = \"0.0.0.0\"").lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("local.toml:2: server.host: the development profile listens on loopback only"));

    let place = local("[server]\nhost = \"0.0.0.0\"\nallow_insecure = true");
    let warnings = place.load().warnings().to_vec();
    assert_eq!(warnings.len(), 1);
    assert_eq!(
        place.shorten(&warnings[0]),
        "the development profile listens on 0.0.0.0: it trusts whoever reaches it; allowed by server.allow_insecure \
         (local.toml:3)"
    );
    assert!(local("[server]\nhost = \"::1\"\nallow_insecure = true").load().warnings().is_empty());
}

#[test]
fn production_wants_a_database_of_its_own() {
    let lines = nothing().profile("production").lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("mongo.uri: the production profile needs a database of its own"), "{lines:?}");

    let allowed = nothing().profile("production").set("mongo.embedded.allow_insecure=true").load();
    assert!(allowed.profile().is_production());
    assert!(allowed.warnings()[0].contains("allowed by mongo.embedded.allow_insecure (--set)"));

    let remote = nothing().profile("production").env("LAMBDIO__MONGO__URI", "mongodb+srv://db.example.org").load();
    assert!(!remote.settings().mongo.is_embedded());
    assert!(remote.warnings().is_empty());
}

#[test]
fn production_accounts_want_a_key_and_costly_hashes() {
    let production = || local("[auth.accounts]\nbcrypt_cost = 9").profile("production").set("mongo.uri=mongodb://db");
    assert_eq!(
        production().lines(),
        [
            "local.toml:1: auth.accounts: accounts need a key in the production profile; set auth.keys",
            "local.toml:2: auth.accounts.bcrypt_cost: must be at least 10 in the production profile, found 9",
        ]
    );
    let key = r#"[{ id = "1", key_file = "/run/secrets/key" }]"#;
    production().env("LAMBDIO__AUTH__KEYS", key).set("auth.accounts.bcrypt_cost=10").load();
    production().set(&format!("auth.keys={key}")).set("auth.accounts.bcrypt_cost=10").load();
    local("[auth.accounts]\nbcrypt_cost = 4").load();
}

#[test]
fn what_could_not_be_read_does_not_count_as_absent() {
    let lines = local("[auth]\nkeys = 1\n[auth.accounts]\n[mongo]\nuri = 2").profile("production").lines();
    assert_eq!(
        lines,
        [
            "local.toml:2: auth.keys: expected a list, found an integer",
            "local.toml:5: mongo.uri: expected a string, found an integer"
        ]
    );
}

#[test]
fn a_namespace_with_roles_asks_for_a_login() {
    for auth in ["auth = \"none\"", "auth = \"optional\""] {
        let lines = local(&format!("[namespaces.\"/a\"]\n{auth}\nroles = [\"admin\"]")).lines();
        let expected = "local.toml:3: namespaces.\"/a\".roles: only who is logged in has roles; set \
                        namespaces.\"/a\".auth = \"required\" (namespaces.\"/a\".auth is at local.toml:2)";
        assert_eq!(lines, [expected], "{auth}");
    }
    // whether it is one without, `#[connect]` decides
    local("[namespaces.\"/a\"]\nroles = [\"admin\"]").load();
    let config = local("[namespaces.\"/a\"]\nauth = \"required\"\nroles = [\"admin\"]").load();
    assert_eq!(config.settings().namespaces["/a"].roles.as_deref(), Some(["admin".to_owned()].as_slice()));
}
