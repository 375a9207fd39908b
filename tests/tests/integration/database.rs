//! The database: kept over restarts, away, and back.

use lambdio_tests::{Program, Proxy, Server, Signal, Socket, World, eventually, free_port, trials};
use mongodb::bson::{Document, doc};
use rustix::process::{Pid, kill_process, test_kill_process};
use serde_json::{Value, json};

trials![
    a_signal_at_the_start_leaves_no_database_behind,
    a_second_signal_does_not_wait_for_a_database_that_hangs,
    what_was_stored_is_there_after_a_restart,
    what_was_stored_is_there_after_the_server_was_killed,
    a_database_that_is_away_is_unavailable_until_it_is_back,
    a_killed_database_is_started_again,
    two_servers_do_not_share_a_data_directory,
    collections_and_indexes_are_made_at_start,
    without_a_database_at_its_address_the_server_does_not_start,
];

/// The reference application with an embedded database of its own, in `data` below the test's folder.
fn embedded(world: &World) -> Program {
    let data = world.dir().join("data");
    world
        .documents()
        .env("LAMBDIO__MONGO__URI", "embedded")
        .env("LAMBDIO__MONGO__EMBEDDED__DATA_DIR", &data.to_string_lossy())
}

async fn connected(server: &Server, way: &str) -> Socket {
    let ada = server.client("Ada").await;
    let answer = ada.post(&format!("/auth/{way}"), json!({ "name": "Ada", "password": "correct horse" })).await;
    assert!(answer.status < 300, "{}", answer.text);
    ada.connect("/documents").await
}

async fn titles(socket: &Socket) -> Vec<Value> {
    let list = socket.ask("list", json!([])).await;
    list.as_array().into_iter().flatten().map(|line| line["title"].clone()).collect()
}

async fn a_signal_at_the_start_leaves_no_database_behind(world: World) {
    let lock = world.dir().join("data/db/mongod.lock");
    let mut server = embedded(&world).begin(free_port()).await;
    let mongod = eventually("mongod is there", async || {
        Pid::from_raw(std::fs::read_to_string(&lock).ok()?.trim().parse().ok()?)
    });
    let mongod = mongod.await;
    server.signal(Signal::TERM);
    assert_eq!(server.wait_exit().await, Some(0));
    assert!(test_kill_process(mongod).is_err(), "its mongod still runs");
    server.log_contains("stopped while starting").await;
}

async fn a_second_signal_does_not_wait_for_a_database_that_hangs(world: World) {
    let mut server = embedded(&world).await;
    let mongod = database_process(&server).await;
    kill_process(mongod, Signal::STOP).expect("mongod runs");
    server.signal(Signal::TERM);
    server.log_contains("stopped after").await;
    server.signal(Signal::TERM);
    assert_eq!(server.wait_exit().await, Some(0));
    server.log_contains("stopped at once, at the second signal").await;
    kill_process(mongod, Signal::KILL).expect("it was not waited for");
}

async fn what_was_stored_is_there_after_a_restart(world: World) {
    restart(world, Signal::TERM, Some(0)).await;
}

async fn what_was_stored_is_there_after_the_server_was_killed(world: World) {
    restart(world, Signal::KILL, None).await;
}

async fn restart(world: World, signal: Signal, code: Option<i32>) {
    let mut server = embedded(&world).await;
    let ada = connected(&server, "register").await;
    ada.ask("create", json!([{ "title": "Notes" }])).await;
    server.signal(signal);
    assert_eq!(server.wait_exit().await, code);
    let again = embedded(&world).await;
    assert_eq!(titles(&connected(&again, "login").await).await, ["Notes"]);
}

/// The process of the embedded database, from the server's log.
async fn database_process(server: &Server) -> Pid {
    let line = server.log_contains("embedded MongoDB is ready").await;
    let number =
        line.split("process ").nth(1).and_then(|rest| rest.split(',').next()).and_then(|text| text.parse().ok());
    number.and_then(Pid::from_raw).unwrap_or_else(|| panic!("no process in {line}"))
}

async fn a_database_that_is_away_is_unavailable_until_it_is_back(world: World) {
    let uri = &world.database().await.uri;
    let (user, host) = uri.trim_start_matches("mongodb://").split_once('@').expect("an address with a user");
    let proxy = Proxy::to(host.split('/').next().unwrap_or_default()).await;
    let uri = format!("mongodb://{user}@{}/?authSource=admin&directConnection=true", proxy.address());
    let program = world.documents().env("LAMBDIO__MONGO__URI", &uri).set("mongo.server_selection_timeout=300ms");
    let server = program.await;
    let ada = connected(&server, "register").await;
    ada.ask("create", json!([{ "title": "Notes" }])).await;

    proxy.cut();
    let error = ada.ask_error("list", json!([])).await;
    assert_eq!(error.code, "unavailable");
    assert!(error.details.is_null() && !error.message.contains("127.0.0.1"), "no internals: {error:?}");
    server.log_contains(&error.id).await;
    ada.emit("list", json!([])).await;
    let (event, exception) = ada.next_exception().await;
    assert_eq!((event, exception.code.as_str()), (json!("list"), "unavailable"));
    let login = server.client("Grace").await;
    let login = login.post("/auth/login", json!({ "name": "Ada", "password": "correct horse" })).await;
    assert_eq!((login.status, login.error().code.as_str()), (503, "unavailable"));

    proxy.mend().await;
    // who asks so often is not always answered, so that the first answer counts
    let listed = async || {
        let list = ada.ask("list", json!([])).await;
        list.as_array().map(|list| list.iter().map(|line| line["title"].clone()).collect::<Vec<Value>>())
    };
    assert_eq!(eventually("the database is back", listed).await, ["Notes"]);
}

async fn a_killed_database_is_started_again(world: World) {
    let server = embedded(&world).await;
    let ada = connected(&server, "register").await;
    ada.ask("create", json!([{ "title": "Notes" }])).await;
    kill_process(database_process(&server).await, Signal::KILL).expect("the database runs");
    eventually("the database is back", async || ada.ask("list", json!([])).await.is_array().then_some(())).await;
    assert_eq!(titles(&ada).await, ["Notes"]);
}

async fn two_servers_do_not_share_a_data_directory(world: World) {
    let _first = embedded(&world).await;
    let second = embedded(&world).run().await;
    assert_eq!(second.code, Some(1));
    assert!(second.stderr.contains("in use"), "{}", second.stderr);
}

async fn collections_and_indexes_are_made_at_start(world: World) {
    let _server = world.documents().await;
    let database = &world.database().await.handle;
    let mut names = database.list_collection_names().await.expect("an answer");
    names.sort();
    assert_eq!(names, ["document_updates", "documents", "lambdio_accounts"]);
    for (name, expected) in [
        ("lambdio_accounts", ["_id_", "key_1"].as_slice()),
        ("document_updates", &["_id_", "document_1__id_1"]),
        ("documents", &["_id_", "owner.id_1_updated_at_-1", "people.id_1_updated_at_-1"]),
    ] {
        let indexes = database.collection::<Document>(name).list_index_names().await.expect("an answer");
        assert_eq!(indexes, expected, "{name}");
    }
    assert!(database.run_command(doc! { "ping": 1 }).await.is_ok());
}

async fn without_a_database_at_its_address_the_server_does_not_start(world: World) {
    let program = world.documents().env("LAMBDIO__MONGO__URI", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300");
    let ended = program.set("mongo.startup_timeout=1s").run().await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("mongo.uri"), "{}", ended.stderr);
    assert!(!ended.stdout.contains("address"), "{}", ended.stdout);
}
