//! Settings that change while much is going on: nothing is lost, nothing comes twice, and nobody is turned away.

mod load;

use super::reload_access::{OPEN, members};
use futures_util::future::FutureExt;
use lambdio_tests::{World, trials};
use load::{Load, TRANSPORTS};
use serde_json::json;

trials![a_reload_under_load_loses_no_event, a_reload_of_policies_and_keys_under_load_loses_no_event];

const LIMITS: &str = r#"
[events]
max_in_flight = 2
timeout = "9s"
queue_length = 500
queue_size = "2MiB"
total_queue_size = "64MiB"
blocking_threads = 2
[handlers."/payloads".text]
max_in_flight = 1
max_payload_size = "1KiB"
[handlers."/sending".send]
max_in_flight = 1
[handlers."/limits".length]
enabled = false
[routes."POST /limits/short"]
max_in_flight = 1
timeout = "8s"
[server]
max_connections = 5000
max_connections_per_address = 2000
[socketio]
max_rooms = 50
max_unsent_size = "4MiB"
[log]
level = "info,lambdio::http=debug"
"#;

const RATES: &str = r#"
[events.rate_limit]
per_address = "4000000/s"
[handlers."/payloads".text.rate_limit]
per_socket = "4000000/s"
[handlers."/limits".open]
enabled = false
[socketio.connect_rate_limit]
per_address = "4000000/s"
[routes."POST /limits/short".rate_limit]
per_address = "4000000/s"
[routes."GET /limits/most"]
enabled = false
[log]
level = "warn,lambdio=info"
sample_served = 0.01
"#;

const OTHERS: &str = r#"
[handlers."/payloads".text]
concurrent = false
timeout = "8s"
log_level = "error"
[server]
public_urls = ["https://page.example"]
trusted_proxies = ["198.51.100.0/24"]
body_timeout = "20s"
header_timeout = "20s"
write_stall_timeout = "20s"
[socketio]
origins = ["https://friend.example"]
ack_timeout = "4s"
[log]
redact = ["text"]
slow_invocation = "5s"
blocked_thread = "1s"
"#;

async fn a_reload_under_load_loses_no_event(world: World) {
    // a variable would win over the file
    let probe = world.probe().without_env("LAMBDIO__LOG__LEVEL").await;
    let client = probe.client("joe").await;
    let load = Load::on(&probe);
    let mut parts = Vec::new();
    for (name, transport) in ["ada", "bob", "eve"].into_iter().zip(TRANSPORTS) {
        let socket = probe.client(name).await.connect("/payloads").over(transport).await;
        let exchange = move |number: usize| (json!([format!("{name} {number}")]), json!([format!("{name} {number}")]));
        parts.push(load.events(socket, "text", exchange).boxed_local());
    }

    let mut receivers = Vec::new();
    for (name, transport) in ["dan", "fay", "gus"].into_iter().zip(TRANSPORTS) {
        let socket = probe.client(name).await.connect("/sending").over(transport).await;
        assert_eq!(socket.ask("join", json!([["all"]])).await, json!(["all"]));
        receivers.push(socket);
    }
    let sender = probe.client("hal").await.connect("/sending").await;
    let to_the_room = |text: &str| json!([{ "to": { "room": "all" }, "text": text }]);
    parts.push(load.broadcasts(sender, "send", to_the_room, receivers).boxed_local());

    let visitor = probe.client("ida").await;
    parts.push(load.visits(visitor, "/payloads", "text", (json!(["hello"]), json!(["hello"]))).boxed_local());
    let short = |number: usize| {
        let text = "x".repeat(number % 90);
        (client.post("/limits/short", json!(text)), json!(text.len()))
    };
    parts.push(load.requests(short).boxed_local());
    parts.push(load.requests(|_| (client.get("/greeting"), json!(""))).boxed_local());

    let settings = [LIMITS, RATES, OTHERS, ""].map(str::to_owned);
    load.during(&settings, "events.timeout = \"soon\"", parts).await;
}

/// A key for tokens, in a file of its name.
fn key(id: &str) -> String {
    format!("[[auth.keys]]\nid = \"{id}\"\nkey_file = \"{id}.key\"\n")
}

const POLICIES: &str = r#"
[namespaces."/porch"]
auth = "required"
roles = ["admin"]
[handlers."/members".disable]
roles = ["admin"]
[handlers."/guests".who_am_i]
timeout = "8s"
[handlers."/members".end_all]
enabled = false
[routes."GET /me"]
auth = "required"
timeout = "8s"
"#;

const LOGINS: &str = r#"
[auth]
leeway = "9s"
check_interval = "1s"
expiry_notice = "30s"
access_token_lifetime = "20m"
[auth.accounts]
max_sessions = 20
[auth.accounts.login_rate_limit]
per_address = "1000/min"
[events.rate_limit]
per_user = "4000000/s"
[socketio.connect_rate_limit]
per_user = "4000000/s"
[routes."GET /me".rate_limit]
per_user = "4000000/s"
"#;

async fn a_reload_of_policies_and_keys_under_load_loses_no_event(world: World) {
    let old = format!("{OPEN}{}", key("old"));
    let server = members(&world)
        .file("old.key", "the old secret of more than 32 bytes: 0123456789")
        .file("new.key", "the new secret of more than 32 bytes: 0123456789")
        .file("config/local.toml", &old)
        .await;
    let (dan, _) = server.registered("Dan").await;
    let load = Load::on(&server);
    let mut parts = Vec::new();
    for (name, transport) in ["Ada", "Bob", "Eve"].into_iter().zip(TRANSPORTS) {
        let (client, id) = server.registered(name).await;
        let socket = client.connect("/members").over(transport).await;
        let exchange = move |_: usize| (json!([]), json!([[id, name]]));
        parts.push(load.events(socket, "who_am_i", exchange).boxed_local());
        parts.push(load.visits(client, "/rooms", "ping", (json!([]), json!(["pong"]))).boxed_local());
    }

    let mut receivers = Vec::new();
    for transport in TRANSPORTS {
        receivers.push(dan.connect("/members").over(transport).await);
    }
    let sender = server.registered("Hal").await.0.connect("/members").await;
    parts.push(load.broadcasts(sender, "tell_others", |text| json!([text]), receivers).boxed_local());
    parts.push(load.requests(|_| (dan.get("/me"), json!("Dan"))).boxed_local());
    let guest = server.client("guest").await;
    parts.push(load.visits(guest, "/guests", "who_am_i", (json!([]), json!([null]))).boxed_local());

    let settings = [
        format!("{OPEN}{}{}", key("new"), key("old")),
        format!("{old}{POLICIES}"),
        format!("{OPEN}{LOGINS}{}{}", key("old"), key("new")),
        old.clone(),
    ];
    load.during(&settings, &format!("{OPEN}{}", key("lost")), parts).await;
}
