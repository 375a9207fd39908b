//! Who may do what, changed for a server at work.

use lambdio_tests::{Certificate, PASSWORD, Program, World, trials};
use serde_json::json;

trials![
    a_handler_is_switched_off_and_on,
    a_namespace_that_becomes_stricter_puts_guests_out,
    a_key_is_added_and_nobody_is_logged_out,
    an_origin_is_added_and_taken_away,
    a_certificate_is_renewed,
    documents_can_only_be_read_for_a_while,
    levels_of_the_log_change,
];

async fn a_handler_is_switched_off_and_on(world: World) {
    let probe = world.probe().await;
    let client = probe.client("ada").await;
    let ada = client.connect("/limits").await;
    probe.reload("handlers.\"/limits\".length.enabled = false\nroutes.\"GET /greeting\".enabled = false").await;
    assert_eq!(ada.ask_error("length", json!(["x"])).await.code, "disabled");
    assert_eq!(client.get("/greeting").await.error().code, "disabled");
    probe.reload("").await;
    assert_eq!(ada.ask("length", json!(["x"])).await, json!(1));
    assert_eq!(client.get("/greeting").await.status, 200);
}

/// Who may enter the namespaces of [`members`].
pub const OPEN: &str = "[namespaces.\"/members\"]\nauth = \"required\"\n[namespaces.\"/rooms\"]\nauth = \"required\"\n\
                    [namespaces.\"/guests\"]\nauth = \"optional\"\n";

/// The application `members`, whose namespaces a reload may change.
pub fn members(world: &World) -> Program {
    let program = world.example("members").with_database().set("auth.accounts.bcrypt_cost=4");
    program.file("config/local.toml", OPEN)
}

async fn a_namespace_that_becomes_stricter_puts_guests_out(world: World) {
    let server = members(&world).await;
    let ada = server.registered("Ada").await.0.connect("/guests").await;
    let guest = server.client("guest").await.connect("/guests").await;
    let reload = server.reload(&OPEN.replace("optional", "required")).await;
    assert_eq!(reload.changed(), ["namespaces.\"/guests\".auth: \"optional\" -> \"required\""]);
    assert_eq!(guest.next("auth:ended").await[0]["code"], "policy_changed");
    guest.gone().await;
    assert_eq!(server.client("guest").await.connect("/guests").refused().await.message, "unauthenticated");
    assert_eq!(ada.ask("who_am_i", json!([])).await, json!("Ada"), "who is logged in stays");
    server.reload(&format!("{OPEN}roles = [\"admin\"]\n").replace("optional", "required")).await;
    assert_eq!(ada.next("auth:ended").await[0]["code"], "policy_changed");
    server.reload(OPEN).await;
    server.client("guest").await.connect("/guests").await;
}

async fn a_key_is_added_and_nobody_is_logged_out(world: World) {
    let key = |id: &str| format!("[[auth.keys]]\nid = \"{id}\"\nkey_file = \"{id}.key\"\n");
    let old = format!("{OPEN}{}", key("old"));
    let server = members(&world)
        .file("old.key", "the old secret of more than 32 bytes: 0123456789")
        .file("new.key", "the new secret of more than 32 bytes: 0123456789")
        .file("config/local.toml", &old)
        .await;
    let (ada, _) = server.registered("Ada").await;
    let reload = server.reload(&format!("{OPEN}{}{}", key("new"), key("old"))).await;
    assert_eq!(reload.changed(), ["auth.keys"]);
    assert_eq!(ada.get("/auth/me").await.status, 200, "the old token is good");
    let log_in = json!({"name": "Ada", "password": PASSWORD});
    let bob = server.client("bob").await;
    assert_eq!(bob.post("/auth/login", log_in).await.status, 200);
    server.reload(&format!("{OPEN}{}", key("new"))).await;
    assert_eq!(ada.get("/auth/me").await.status, 401, "its key is gone");
    assert_eq!(bob.get("/auth/me").await.status, 200, "signed with the new key");
    let why = server.reload_refused(&format!("{OPEN}{}", key("lost"))).await;
    assert!(why.contains("the key \"lost\" in lost.key cannot be read"), "{why}");
    assert_eq!(bob.get("/auth/me").await.status, 200);
}

async fn an_origin_is_added_and_taken_away(world: World) {
    let probe = world.probe().await;
    let client = probe.client("ada").await;
    let post = async || client.post("/limits/open", json!({})).header("origin", "https://page.example").await.status;
    assert_eq!(post().await, 403);
    probe.reload("socketio.origins = [\"https://page.example\"]").await;
    assert_eq!(post().await, 200);
    probe.reload("server.public_urls = [\"https://page.example\"]").await;
    assert_eq!(post().await, 200);
    probe.reload("").await;
    assert_eq!(post().await, 403);
}

async fn a_certificate_is_renewed(world: World) {
    let (old, new) = (Certificate::new(), Certificate::new());
    let text = "[server.tls]\ncert_file = \"certificate.pem\"\nkey_file = \"key.pem\"\n";
    let probe = world
        .probe()
        .file("certificate.pem", &old.certificate)
        .file("key.pem", &old.key)
        .file("config/local.toml", text)
        .await;
    let ada = probe.client("ada").await;
    ada.trust(&old.certificate).await;
    let socket = ada.connect("/limits").await;
    probe.write("certificate.pem", &new.certificate);
    let why = probe.reload_refused(text).await;
    assert!(why.contains("server.tls.key_file: the key in key.pem is not that of the first certificate"), "{why}");
    probe.write("key.pem", &new.key);
    let reload = probe.reload(text).await;
    assert_eq!(reload.changed(), ["what is in certificate.pem", "what is in key.pem"]);
    let bob = probe.client("bob").await;
    bob.trust(&new.certificate).await;
    bob.connect("/limits").await;
    assert_eq!(socket.ask("length", json!(["x"])).await, json!(1), "connections go on");
    assert_eq!(probe.reload("").await.needs_restart().len(), 2, "without TLS only after a restart");
}

async fn documents_can_only_be_read_for_a_while(world: World) {
    let documents = world.documents().await;
    let ada = documents.registered("Ada").await.0.connect("/documents").await;
    let reload = documents.reload("app.documents.read_only = true").await;
    assert_eq!((reload.changed(), reload.needs_restart()), (vec!["app.documents.read_only".to_owned()], vec![]));
    assert_eq!(ada.ask_error("create", json!([{"title": "T"}])).await.code, "maintenance");
    let why = documents.reload_refused("app.documents.max_document_size = \"9MiB\"").await;
    assert!(why.contains("app.documents.max_document_size: 9MiB is more than 8MiB"), "{why}");
    documents.reload("").await;
    assert!(ada.ask("create", json!([{"title": "T"}])).await["error"].is_null());
}

async fn levels_of_the_log_change(world: World) {
    let probe = world.probe().without_env("LAMBDIO__LOG__LEVEL").await;
    let ada = probe.client("ada").await.connect("/limits").await;
    ada.ask("length", json!(["unseen"])).await;
    assert!(!probe.log().lines().iter().any(|line| line.contains("served")));
    probe.reload("log.level = \"info,lambdio=debug\"").await;
    ada.ask("length", json!(["seen"])).await;
    probe.log_contains("served").await;
}
