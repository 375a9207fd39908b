//! What has to do with the database is counted: log-ins, and the database itself.

use super::rows::{
    Is::{AtLeast, Exactly},
    Row, shows,
};
use lambdio_tests::{PASSWORD, Program, Proxy, Signal, Socket, World, trials};
use serde_json::{Value, json};
use std::sync::Arc;

trials![
    log_ins_and_commands_of_the_database_are_counted,
    passwords_that_are_being_checked_are_counted,
    connections_to_the_database_are_counted,
    connections_that_nobody_used_for_long_are_counted,
    operations_that_get_no_connection_are_counted,
    a_collection_that_is_there_already_is_no_failure,
];

/// All rows of this file.
pub const ROWS: &[&[Row]] = &[LOGGED_IN, HASHING, FILLED, HELD, DROPPED, AWAY, BACK, IDLE, ALL_TAKEN, FAILED, CREATED];

const LOGGED_IN: &[Row] = &[
    ("lambdio_logins_total", &[OK], Exactly(1.0)),
    ("lambdio_logins_total", &[("outcome", "invalid_credentials")], Exactly(1.0)),
    ("lambdio_logged_in_sockets", &[], Exactly(1.0)),
    ("lambdio_password_hashes_total", &[], Exactly(3.0)),
    ("lambdio_password_hashes_waiting", &[], Exactly(0.0)),
    ("lambdio_mongodb_commands_total", &[("command", "find"), OK], AtLeast(1.0)),
    ("lambdio_mongodb_commands_total", &[("command", "insert"), OK], AtLeast(1.0)),
    ("lambdio_mongodb_commands_total", &[("command", "createIndexes"), OK], AtLeast(1.0)),
    ("lambdio_mongodb_command_duration_seconds_count", &[("command", "find")], AtLeast(1.0)),
    ("lambdio_mongodb_command_duration_seconds_count", &[("command", "insert")], AtLeast(1.0)),
    ("lambdio_mongodb_command_duration_seconds_count", &[("command", "createIndexes")], AtLeast(1.0)),
    ("lambdio_mongodb_pool_connections", &[], AtLeast(1.0)),
    ("lambdio_mongodb_pool_in_use", &[], Exactly(0.0)),
    ("lambdio_mongodb_pool_limit", &[], AtLeast(1.0)),
    ("lambdio_mongodb_pool_wait_seconds_count", &[], AtLeast(3.0)),
];
const OK: (&str, &str) = ("outcome", "ok");

async fn log_ins_and_commands_of_the_database_are_counted(world: World) {
    let members = world.members().await;
    let (ada, _) = members.registered("ada").await;
    let socket = ada.connect("/members").await;
    let bob = members.client("bob").await;
    bob.post("/auth/login", json!({ "name": "ada", "password": "wrong horse" })).await;
    bob.post("/auth/login", json!({ "name": "ada", "password": PASSWORD })).await;
    shows(&members, LOGGED_IN).await;
    socket.disconnect().await;
    shows(&members, &[("lambdio_logged_in_sockets", &[], Exactly(0.0))]).await;
}

const HASHING: &[Row] = &[("lambdio_password_hashes_waiting", &[], AtLeast(1.0))];

async fn passwords_that_are_being_checked_are_counted(world: World) {
    // slow enough to be seen
    let members = world.members().set("auth.accounts.bcrypt_cost=13").await;
    let ada = members.client("ada").await;
    let account = json!({ "name": "ada", "password": PASSWORD });
    let (welcome, ()) = tokio::join!(ada.post("/auth/register", account), shows(&members, HASHING));
    assert_eq!(welcome.status, 201, "{}", welcome.text);
    shows(&members, &[("lambdio_password_hashes_waiting", &[], Exactly(0.0))]).await;
}

/// The application `journal` at the test's database, with this option in the address of it, and what can cut it off.
async fn journal(world: &World, option: &str) -> (Program, Arc<Proxy>) {
    let uri = &world.database().await.uri;
    let (user, rest) = uri.trim_start_matches("mongodb://").split_once('@').expect("an address with a user");
    let proxy = Proxy::to(rest.split('/').next().unwrap_or_default()).await;
    let uri = format!("mongodb://{user}@{}/?authSource=admin&directConnection=true&{option}", proxy.address());
    (world.example("journal").with_database().env("LAMBDIO__MONGO__URI", &uri), proxy)
}

/// Ten writes at once, and the code of the error that each is answered with.
async fn refused_writes(socket: &Socket) -> Vec<Value> {
    let acks = socket.burst("write", (0..10).map(|number| json!([format!("entry-{number}")])).collect()).await;
    acks.into_iter().map(|(_, ack)| ack[0]["error"]["code"].clone()).collect()
}

const FILLED: &[Row] = &[
    ("lambdio_mongodb_pool_connections", &[], Exactly(3.0)),
    ("lambdio_mongodb_pool_in_use", &[], Exactly(0.0)),
    ("lambdio_mongodb_pool_limit", &[], Exactly(3.0)),
    ("lambdio_mongodb_pool_created_total", &[], AtLeast(3.0)),
    ("lambdio_mongodb_commands_total", &[UPDATE, OK], Exactly(1.0)),
    ("lambdio_mongodb_command_duration_seconds_count", &[UPDATE], AtLeast(1.0)),
    ("lambdio_ready", &[DATABASE], Exactly(1.0)),
];

const HELD: &[Row] =
    &[("lambdio_mongodb_pool_in_use", &[], AtLeast(1.0)), ("lambdio_invocations_in_flight", &[], AtLeast(1.0))];

const DROPPED: &[Row] = &[
    ("lambdio_mongodb_pool_closed_total", &[("reason", "dropped")], AtLeast(1.0)),
    ("lambdio_mongodb_pool_in_use", &[], Exactly(0.0)),
    ("lambdio_invocations_in_flight", &[], Exactly(0.0)),
];

const AWAY: &[Row] = &[
    ("lambdio_mongodb_pool_closed_total", &[("reason", "stale")], AtLeast(1.0)),
    ("lambdio_mongodb_pool_connections", &[], Exactly(0.0)),
    ("lambdio_ready", &[DATABASE], Exactly(0.0)),
    ("lambdio_ready", &[("part", "server")], Exactly(1.0)),
];

const BACK: &[Row] = &[("lambdio_ready", &[DATABASE], Exactly(1.0))];
const DATABASE: (&str, &str) = ("part", "database");
const UPDATE: (&str, &str) = ("command", "update");

async fn connections_to_the_database_are_counted(world: World) {
    let (program, proxy) = journal(&world, "minPoolSize=3").await;
    let server = program.set("mongo.max_pool_size=3").set("handlers.\"/journal\".write.timeout=4s").await;
    let socket = server.client("ada").await.connect("/journal").await;
    assert_eq!(socket.ask("write", json!(["first"])).await, "first");
    shows(&server, FILLED).await;

    proxy.withhold();
    let (codes, ()) = tokio::join!(refused_writes(&socket), shows(&server, HELD));
    assert!(codes.iter().all(|code| code == "timeout" || code == "unavailable"), "there is no answer: {codes:?}");
    // nobody waits for those that were in use
    shows(&server, DROPPED).await;
    proxy.release();
    shows(&server, FILLED).await;

    proxy.cut();
    shows(&server, AWAY).await;
    proxy.mend().await;
    shows(&server, BACK).await;
}

const IDLE: &[Row] = &[("lambdio_mongodb_pool_closed_total", &[("reason", "idle")], AtLeast(1.0))];

async fn connections_that_nobody_used_for_long_are_counted(world: World) {
    let (program, _proxy) = journal(&world, "maxIdleTimeMS=1").await;
    let server = program.await;
    assert_eq!(server.client("ada").await.connect("/journal").await.ask("write", json!(["first"])).await, "first");
    shows(&server, IDLE).await;
}

const ALL_TAKEN: &[Row] = &[
    ("lambdio_mongodb_pool_limit", &[], Exactly(1.0)),
    ("lambdio_mongodb_pool_in_use", &[], Exactly(1.0)),
    ("lambdio_invocations_in_flight", &[], Exactly(10.0)),
];

const FAILED: &[Row] = &[
    // those that waited for the one that was in use
    ("lambdio_mongodb_pool_failures_total", &[], AtLeast(1.0)),
    ("lambdio_mongodb_pool_closed_total", &[("reason", "error")], AtLeast(1.0)),
    ("lambdio_mongodb_commands_total", &[UPDATE, ("outcome", "error")], AtLeast(1.0)),
    ("lambdio_mongodb_pool_in_use", &[], Exactly(0.0)),
];

async fn operations_that_get_no_connection_are_counted(world: World) {
    let (program, proxy) = journal(&world, "maxPoolSize=1").await;
    let server = program.await;
    let socket = server.client("ada").await.connect("/journal").await;
    assert_eq!(socket.ask("write", json!(["first"])).await, "first");
    proxy.withhold();
    let (codes, ()) = tokio::join!(refused_writes(&socket), async {
        shows(&server, ALL_TAKEN).await;
        proxy.cut();
    });
    assert_eq!(codes, vec!["unavailable"; 10]);
    shows(&server, FAILED).await;
}

const CREATED: &[Row] = &[("lambdio_mongodb_commands_total", &[CREATE, OK], AtLeast(1.0))];
const CREATE: (&str, &str) = ("command", "create");

async fn a_collection_that_is_there_already_is_no_failure(world: World) {
    let program = world.example("journal").with_database();
    // the second start finds what the first one has made
    for program in [program.clone(), program] {
        let mut server = program.await;
        shows(&server, CREATED).await;
        let failed = server.metrics().await.sum("lambdio_mongodb_commands_total", &[CREATE, ("outcome", "error")]);
        assert!(failed < 1.0, "{failed}");
        server.signal(Signal::TERM);
        assert_eq!(server.wait_exit().await, Some(0));
    }
}
