//! MongoDB goes away, and comes back.

use lambdio_tests::{ExternalMongod, Program, Proxy, Server, Signal, Socket, World, eventually, free_port, trials};
use rustix::process::{Pid, kill_process};
use serde_json::{Value, json};
use std::{
    fs,
    time::{Duration, Instant},
};

trials![
    the_start_waits_for_as_long_as_it_is_told_and_says_why,
    a_signal_ends_the_wait_for_the_database,
    a_wrong_password_ends_the_start_at_once,
    a_killed_database_is_unavailable_until_it_is_back,
    what_waits_for_a_database_that_hangs_is_unavailable,
    a_database_that_refuses_at_start_is_waited_for,
    sessions_outlive_an_outage,
    who_logs_in_while_the_database_hangs_is_told_at_once,
    a_server_stops_although_its_database_hangs,
    an_embedded_database_with_broken_files_is_started_until_they_are_mended,
];

/// Known to be away, the database keeps nobody waiting. Each test that looks at the clock has it that whoever did wait would do so
/// for twice as long and more.
const AT_ONCE: Duration = Duration::from_secs(2);

fn journal(world: &World, uri: &str) -> Program {
    world.example("journal").env("LAMBDIO__MONGO__URI", uri)
}

async fn is_ready(server: &Server) -> bool {
    server.client("load balancer").await.get("/health/ready").await.status == 200
}

/// Waits until the server says so of its database.
async fn database_is(server: &Server, state: &str) {
    let asked = server.client("load balancer").await;
    eventually(&format!("the database is {state}"), async || {
        (asked.get("/health/ready").await.json["parts"]["database"] == state).then_some(())
    })
    .await;
}

/// Waits until a write is acknowledged.
async fn writes(socket: &Socket, id: &str) {
    let written = async || (socket.ask("write", json!([id])).await == id).then_some(());
    eventually("the database is back", written).await;
}

/// A write is answered `unavailable`, and the answer says when to try again and nothing of the database.
async fn unavailable(socket: &Socket) {
    let error = socket.ask_error("write", json!(["never"])).await;
    assert_eq!(error.code, "unavailable", "{error:?}");
    assert!(!error.message.contains("127.0.0.1") && !error.message.contains("ongo"), "no internals: {error:?}");
}

async fn the_start_waits_for_as_long_as_it_is_told_and_says_why(world: World) {
    let uri = format!("mongodb://ada:hunter2-hunter2@127.0.0.1:{}/", free_port());
    let begun = Instant::now();
    let program = journal(&world, &uri).set("mongo.startup_timeout=9s").set("mongo.server_selection_timeout=300ms");
    let mut server = program.begin(free_port()).await;
    server.log_contains("still waiting for the database").await;
    assert_eq!(server.wait_exit().await, Some(1));
    assert!(begun.elapsed() >= Duration::from_secs(8), "it waited {:?}", begun.elapsed());
    server.log_contains("within 9s").await;
    let told = server.log().lines().join("\n");
    for part in ["waiting for the database", "refused", "error: mongo.uri: no answer"] {
        assert!(told.contains(part), "{part} is missing in: {told}");
    }
    assert!(!told.contains("hunter2"), "the password stays secret: {told}");
    assert_eq!(told.matches("waiting for the database").count(), 2, "not again and again: {told}");
}

async fn a_signal_ends_the_wait_for_the_database(world: World) {
    let uri = format!("mongodb://127.0.0.1:{}/", free_port());
    let mut server = journal(&world, &uri).set("mongo.startup_timeout=1h").begin(free_port()).await;
    server.log_contains("waiting for the database").await;
    server.signal(Signal::TERM);
    assert_eq!(server.wait_exit().await, Some(0));
    server.log_contains("stopped while starting").await;
}

async fn a_wrong_password_ends_the_start_at_once(world: World) {
    let uri = &world.database().await.uri;
    let (_, rest) = uri.trim_start_matches("mongodb://").split_once('@').expect("an address with a user");
    let uri = format!("mongodb://lambdio:hunter2-hunter2@{rest}");
    let ended = journal(&world, &uri).set("mongo.startup_timeout=1h").run().await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("error: mongo.uri: the database refuses us"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("hunter2"), "the password stays secret: {}", ended.stderr);
}

async fn a_killed_database_is_unavailable_until_it_is_back(world: World) {
    let mut mongod = ExternalMongod::new(&world).await;
    mongod.start().await;
    let server = journal(&world, &mongod.uri()).set("mongo.server_selection_timeout=5s").await;
    let ada = server.client("ada").await;
    let (socket, other) = (ada.connect("/journal").await, ada.connect("/journal").await);
    writes(&socket, "before").await;

    mongod.kill().await;
    // who is late is answered "timeout"
    unavailable(&socket).await;
    database_is(&server, "unavailable").await;
    assert!(!is_ready(&server).await);
    assert_eq!(ada.get("/health/live").await.status, 200);
    server.log_contains("the database is away").await;

    let begun = Instant::now();
    let acks = socket.burst("write", (0..500).map(|number| json!([format!("away-{number}")])).collect()).await;
    let refused = acks.iter().filter(|(_, ack)| ack[0]["error"]["code"] == "unavailable").count();
    assert_eq!(refused, 500, "nothing piles up: {:?}", acks.first());
    assert!(begun.elapsed() < AT_ONCE, "500 took {:?}", begun.elapsed());
    let begun = Instant::now();
    let post = ada.post("/entries", json!("over-http")).await;
    assert_eq!((post.status, post.error().code.as_str()), (503, "unavailable"));
    assert_eq!(post.headers["retry-after"], "1");
    assert!(begun.elapsed() < AT_ONCE, "it took {:?}", begun.elapsed());
    assert_eq!(other.ask("fine", json!([])).await, true, "what needs no database goes on");

    mongod.start().await;
    writes(&socket, "after").await;
    database_is(&server, "ready").await;
    server.log_contains("the database is back").await;
    let stored = socket.ask("read", json!([])).await;
    assert_eq!(stored, json!({ "after": 1, "before": 1 }), "what was refused was not written");
}

async fn what_waits_for_a_database_that_hangs_is_unavailable(world: World) {
    let mut mongod = ExternalMongod::new(&world).await;
    mongod.start().await;
    let server =
        journal(&world, &mongod.uri()).set("mongo.server_selection_timeout=500ms").set("events.timeout=7s").await;
    let ada = server.client("ada").await;
    let (socket, other) = (ada.connect("/journal").await, ada.connect("/journal").await);
    writes(&socket, "before").await;

    mongod.signal(Signal::STOP);
    let (error, post, ()) =
        tokio::join!(socket.ask_error("write", json!(["frozen"])), ada.post("/entries", json!("frozen")), async {
            database_is(&server, "unavailable").await;
            let begun = Instant::now();
            unavailable(&other).await;
            assert!(begun.elapsed() < AT_ONCE, "it took {:?}", begun.elapsed());
            assert_eq!(other.ask("fine", json!([])).await, true, "what needs no database goes on");
        });
    assert_eq!(error.code, "unavailable", "{error:?}");
    assert!(error.message.contains("whether this took effect is unknown"), "{error:?}");
    assert_eq!((post.status, post.error().code.as_str()), (503, "unavailable"));

    mongod.signal(Signal::CONT);
    writes(&socket, "after").await;
    database_is(&server, "ready").await;
    let stored = socket.ask("read", json!([])).await;
    assert_eq!((&stored["before"], &stored["after"]), (&json!(1), &json!(1)));
}

async fn a_database_that_refuses_at_start_is_waited_for(world: World) {
    let mut mongod = ExternalMongod::new(&world).await;
    mongod.start().await;
    let host = mongod.uri().trim_start_matches("mongodb://").split('/').next().unwrap_or_default().to_owned();
    let proxy = Proxy::to(&host).await;
    proxy.cut();
    let uri = format!("mongodb://{}/?directConnection=true", proxy.address());
    let server = journal(&world, &uri).set("mongo.server_selection_timeout=300ms").begin(free_port()).await;
    server.log_contains("waiting for the database").await;
    proxy.mend().await;
    eventually("it has started", async || is_ready(&server).await.then_some(())).await;
    let socket = server.client("ada").await.connect("/journal").await;
    writes(&socket, "first").await;

    proxy.cut();
    database_is(&server, "unavailable").await;
    unavailable(&socket).await;
    proxy.mend().await;
    writes(&socket, "second").await;
}

async fn sessions_outlive_an_outage(world: World) {
    let mut mongod = ExternalMongod::new(&world).await;
    mongod.start().await;
    let program = world.documents().env("LAMBDIO__MONGO__URI", &mongod.uri());
    let program = program.set("auth.check_interval=500ms").set("auth.accounts.bcrypt_cost=4");
    let server = program.await;
    let (ada, _) = server.registered("Ada").await;
    let socket = ada.connect("/documents").await;
    socket.ask("create", json!([{ "title": "Notes" }])).await;

    mongod.kill().await;
    database_is(&server, "unavailable").await;
    let login = json!({ "name": "Ada", "password": lambdio_tests::PASSWORD });
    let refused = server.client("Grace").await.post("/auth/login", login.clone()).await;
    assert_eq!((refused.status, refused.error().code.as_str()), (503, "unavailable"));
    assert_eq!(ada.get("/auth/me").await.error().code, "unavailable");
    assert_eq!(ada.connect("/documents").refused().await.message, "unavailable");
    assert_eq!(socket.ask_error("list", json!([])).await.code, "unavailable", "the socket stays");

    mongod.start().await;
    let titles = eventually("the database is back", async || {
        let list = socket.ask("list", json!([])).await;
        list.as_array().map(|list| list.iter().map(|line| line["title"].clone()).collect::<Vec<Value>>())
    });
    assert_eq!(titles.await, ["Notes"]);
    assert_eq!(ada.get("/auth/me").await.json["name"], "Ada");
    assert_eq!(server.client("Grace").await.post("/auth/login", login).await.status, 200);
    assert!(ada.connect("/documents").await.state().await.connected);
}

async fn who_logs_in_while_the_database_hangs_is_told_at_once(world: World) {
    let mut mongod = ExternalMongod::new(&world).await;
    mongod.start().await;
    let program = world.documents().env("LAMBDIO__MONGO__URI", &mongod.uri());
    let server = program.set("auth.accounts.bcrypt_cost=4").await;
    let (ada, _) = server.registered("Ada").await;

    mongod.signal(Signal::STOP);
    database_is(&server, "unavailable").await;
    let grace = server.client("Grace").await;
    let login = json!({ "name": "Ada", "password": lambdio_tests::PASSWORD });
    let begun = Instant::now();
    let refused = grace.post("/auth/login", login).await;
    assert_eq!((refused.status, refused.error().code.as_str()), (503, "unavailable"));
    assert!(refused.json["error"]["retry_after_ms"].is_u64(), "{}", refused.text);
    assert_eq!(ada.get("/auth/me").await.error().code, "unavailable");
    assert_eq!(ada.connect("/documents").refused().await.message, "unavailable");
    assert!(begun.elapsed() < AT_ONCE, "they took {:?}", begun.elapsed());
    mongod.signal(Signal::CONT);
}

async fn a_server_stops_although_its_database_hangs(world: World) {
    let mut mongod = ExternalMongod::new(&world).await;
    mongod.start().await;
    let mut server = journal(&world, &mongod.uri()).await;
    writes(&server.client("ada").await.connect("/journal").await, "before").await;
    mongod.signal(Signal::STOP);
    server.signal(Signal::TERM);
    assert_eq!(server.wait_exit().await, Some(0));
    mongod.signal(Signal::CONT);
}

async fn an_embedded_database_with_broken_files_is_started_until_they_are_mended(world: World) {
    let program = world.example("journal").set("mongo.server_selection_timeout=300ms");
    let files = program.folder().join("data/mongodb/db");
    let server = program.await;
    let socket = server.client("ada").await.connect("/journal").await;
    writes(&socket, "before").await;

    let turtle = files.join("WiredTiger.turtle");
    let whole = fs::read(&turtle).expect("a file of the database");
    fs::write(&turtle, "nonsense").expect("a file of the test's own");
    let lock = fs::read_to_string(files.join("mongod.lock")).expect("a file of the database");
    let pid = lock.trim().parse().ok().and_then(Pid::from_raw).expect("the number of a process");
    kill_process(pid, Signal::KILL).expect("the database runs");
    database_is(&server, "unavailable").await;
    unavailable(&socket).await;
    assert_eq!(socket.ask("fine", json!([])).await, true, "what needs no database goes on");
    let told = server.log().line_with(["mongod ended unasked", "Starting it again in 500ms"]).await;
    assert!(told.contains("WiredTiger"), "its own words: {told}");

    fs::write(&turtle, whole).expect("a file of the test's own");
    writes(&socket, "after").await;
    assert_eq!(socket.ask("read", json!([])).await, json!({ "after": 1, "before": 1 }));
    database_is(&server, "ready").await;
}
