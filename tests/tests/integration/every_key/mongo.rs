//! `[mongo]`.

use super::{
    Effect, Row, With,
    looks::{for_a_while, members, members_with_embedded_database, new_name, told},
    restart, restarted, row, start, with,
};
use futures_util::{TryStreamExt, future::join_all};
use lambdio_tests::{PASSWORD, Program, Proxy, Server, World, eventually, free_port};
use mongodb::bson::{Document, doc};
use serde_json::json;
use std::{borrow::Cow, fs, os::unix::fs::PermissionsExt, sync::Arc};
use tokio::{
    io::{copy, sink},
    net::TcpListener,
    task::JoinSet,
};

pub(super) fn rows() -> Vec<Row> {
    vec![
        uri(),
        restart(
            "mongo.database",
            |world| members(world).without_env("LAMBDIO__MONGO__DATABASE"),
            [
                with("[mongo]\ndatabase = \"every_key_first\"", "every_key_first"),
                with("[mongo]\ndatabase = \"every_key_second\"", "every_key_second"),
            ],
            where_accounts_are,
        ),
        at_the_other_end(
            "mongo.max_pool_size",
            [with("[mongo]\nmax_pool_size = 1", "one"), with("[mongo]\nmax_pool_size = 8", "several")],
            async |server, _| connections_after_a_rush(server).await,
        ),
        start(
            "mongo.server_selection_timeout",
            |world| nowhere(world).set("mongo.startup_timeout=4s"),
            [
                with("[mongo]\nserver_selection_timeout = \"100ms\"", "waiting for the database"),
                with("[mongo]\nserver_selection_timeout = \"1h\"", "it does not answer"),
            ],
            // of which the first attempt fails before the start is given up
            async |program| printed(program, ["waiting for the database", "it does not answer"]).await,
        ),
        at_the_other_end(
            "mongo.connect_timeout",
            [
                with("[mongo]\nconnect_timeout = \"100ms\"", "tries again"),
                with("[mongo]\nconnect_timeout = \"1h\"", "waits"),
            ],
            async |_, network| at_a_database_that_says_nothing(network).await,
        ),
        start(
            "mongo.startup_timeout",
            |world| nowhere(world).set("mongo.server_selection_timeout=100ms"),
            [
                with("[mongo]\nstartup_timeout = \"100ms\"", "gives up"),
                with("[mongo]\nstartup_timeout = \"1h\"", "waits"),
            ],
            without_a_database,
        ),
        start(
            "mongo.embedded.data_dir",
            |world| executable(embedded(world), [("mongod", "exit 7")]).set("mongo.embedded.binary=mongod"),
            [
                with("[mongo.embedded]\ndata_dir = \"first\"", "first/db"),
                with("[mongo.embedded]\ndata_dir = \"second\"", "second/db"),
            ],
            async |program| made(program, ["first/db", "second/db"]).await,
        ),
        start(
            "mongo.embedded.binary",
            |world| executable(embedded(world), [("first", "exit 7"), ("second", "exit 8")]),
            [
                with("[mongo.embedded]\nbinary = \"first\"", "exit status: 7"),
                with("[mongo.embedded]\nbinary = \"second\"", "exit status: 8"),
            ],
            async |program| printed(program, ["exit status: 7", "exit status: 8"]).await,
        ),
        start(
            "mongo.embedded.cache_dir",
            // no mongod and no pip, but a cache that a fetch would have gone to
            |world| embedded(world).env("PATH", "/nowhere"),
            [
                with("[mongo.embedded]\ncache_dir = \"first\"", "first"),
                with("[mongo.embedded]\ncache_dir = \"second\"", "second"),
            ],
            async |program| made(program, ["first", "second"]).await,
        ),
        start(
            "mongo.embedded.allow_insecure",
            |world| {
                embedded(world)
                    .args(["--profile", "production"])
                    .set("auth.accounts.bcrypt_cost=10")
                    .set("mongo.embedded.binary=nowhere")
            },
            [
                with("[mongo.embedded]\nallow_insecure = false", "the production profile needs a database of its own"),
                with("[mongo.embedded]\nallow_insecure = true", "nowhere does not exist"),
            ],
            async |program| {
                let parts = ["the production profile needs a database of its own", "nowhere does not exist"];
                printed(program, parts).await
            },
        ),
    ]
}

/// The way to the test's database, which the row can close.
struct Network {
    proxy: Arc<Proxy>,
    database: String,
    /// For `mongo.uri`.
    uri: String,
}

impl Network {
    async fn new(world: &World) -> Self {
        let database = world.database().await;
        let (user, rest) = database.uri.trim_start_matches("mongodb://").split_once('@').expect("a user");
        let host = rest.split('/').next().unwrap_or_default().to_owned();
        let proxy = Proxy::to(&host).await;
        // one connection looks whether the database is there, twice a second
        let options = "authSource=admin&directConnection=true&serverMonitoringMode=poll&heartbeatFrequencyMS=500";
        let uri = format!("mongodb://{user}@{}/?{options}&appName={}", proxy.address(), database.name);
        Self { proxy, database: host, uri }
    }
}

/// A key that is about the way to the database.
fn at_the_other_end<L>(key: &'static str, settings: [With; 2], look: L) -> Row
where
    L: AsyncFn(&Server, &Network) -> String + Send + 'static,
{
    row(key, Effect::Restart, async move |world| {
        let network = Network::new(&world).await;
        let program = members(&world).env("LAMBDIO__MONGO__URI", &network.uri);
        let look = async |server: &Server| {
            answers(server).await;
            look(server, &network).await
        };
        restarted(key, program, settings, look).await;
    })
}

/// Two ways to the database: the one in use is the one that must not be closed.
fn uri() -> Row {
    row("mongo.uri", Effect::Restart, async move |world| {
        let (first, second) = (Network::new(&world).await, Network::new(&world).await);
        let setting = |network: &Network| Cow::Owned(format!("[mongo]\nuri = {:?}", network.uri));
        let settings = [
            With { setting: setting(&first), seen: "the first" },
            With { setting: setting(&second), seen: "the second" },
        ];
        let program = members(&world).without_env("LAMBDIO__MONGO__URI").set("mongo.server_selection_timeout=100ms");
        restarted("mongo.uri", program, settings, async |server| {
            answers(server).await;
            first.proxy.cut();
            let seen = if ask(server).await == "unavailable" { "the first" } else { "the second" };
            first.proxy.mend().await;
            seen.to_owned()
        })
        .await;
    })
}

/// Asks something that the database knows.
async fn ask(server: &Server) -> String {
    let body = json!({ "name": new_name(), "password": "wrong horse" });
    told(&server.client("Mallory").await.post("/auth/login", body).await.json)
}

/// Waits until the database is within reach.
async fn answers(server: &Server) {
    eventually("the database answers", async || (ask(server).await == "invalid_credentials").then_some(())).await;
}

/// The database with the account of somebody who has just registered.
async fn where_accounts_are(server: &Server) -> String {
    let name = new_name();
    server.registered(&name).await;
    let client = server.world().database().await.handle.client().clone();
    for database in ["every_key_first", "every_key_second"] {
        let accounts = client.database(database).collection::<Document>("lambdio_accounts");
        if accounts.find_one(doc! { "name": &name }).await.expect("an answer").is_some() {
            return database.to_owned();
        }
    }
    "neither".to_owned()
}

/// How many connections the database has from a server after many have asked it at once, beside the one that looks whether
/// it answers.
async fn connections_after_a_rush(server: &Server) -> String {
    let mut asked = Vec::new();
    for name in [(); 20].map(|()| new_name()) {
        let client = server.client(&name).await;
        asked.push(async move { client.post("/auth/register", json!({ "name": name, "password": PASSWORD })).await });
    }
    assert!(join_all(asked).await.iter().all(|answer| answer.status == 201));
    let database = server.world().database().await;
    let of_server = doc! { "appName": &database.name, "effectiveUsers.0": { "$exists": true } };
    let pipeline = [doc! { "$currentOp": { "allUsers": true, "idleConnections": true } }, doc! { "$match": of_server }];
    let connections = database.handle.client().database("admin").aggregate(pipeline).await.expect("an answer");
    let connections: Vec<Document> = connections.try_collect().await.expect("an answer");
    match connections.len() {
        0 | 1 => "none",
        2 => "one",
        _ => "several",
    }
    .to_owned()
}

/// Whether a server gives up a connection to what accepts it and says nothing more.
async fn at_a_database_that_says_nothing(network: &Network) -> String {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    network.proxy.cut();
    network.proxy.lead_to(&silent.local_addr().expect("an address").to_string());
    network.proxy.mend().await;
    let mut connections = JoinSet::new();
    let listen = async |stream| {
        let mut stream: tokio::net::TcpStream = stream;
        copy(&mut stream, &mut sink()).await
    };
    connections.spawn(listen(silent.accept().await.expect("a connection").0));
    let given_up = for_a_while("waits", async {
        loop {
            tokio::select! {
                Ok((stream, _)) = silent.accept() => drop(connections.spawn(listen(stream))),
                Some(_) = connections.join_next() => return,
            }
        }
    });
    let seen = if given_up.await.is_some() { "tries again" } else { "waits" };
    network.proxy.lead_to(&network.database);
    seen.to_owned()
}

/// An application whose database is not there.
fn nowhere(world: &World) -> Program {
    members(world).env("LAMBDIO__MONGO__URI", &format!("mongodb://127.0.0.1:{}", free_port()))
}

/// What becomes of a start without a database.
async fn without_a_database(program: Program) -> String {
    let mut server = program.begin(free_port()).await;
    let log = server.log().clone();
    tokio::select! {
        code = server.wait_exit() => {
            assert_eq!(code, Some(1));
            log.line_with(["mongo.startup_timeout"]).await;
            "gives up"
        }
        _ = log.line_with(["waiting for the database"]) => "waits",
    }
    .to_owned()
}

/// An application that asks for an embedded database, and has keys of its own for its tokens.
fn embedded(world: &World) -> Program {
    members_with_embedded_database(world)
        .set("auth.keys=[{ id = \"1\", key = \"a secret of more than 32 bytes, for tokens\" }]")
}

/// The same with scripts in its folder.
fn executable<const N: usize>(program: Program, scripts: [(&str, &str); N]) -> Program {
    scripts.into_iter().fold(program, |program, (name, script)| {
        let program = program.file(name, &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(program.folder().join(name), fs::Permissions::from_mode(0o755)).expect("it is there");
        program
    })
}

/// Which of these folders a program makes before it ends.
async fn made(program: Program, folders: [&str; 2]) -> String {
    let folder = program.folder().to_owned();
    program.run().await;
    let found: Vec<&str> = folders.into_iter().filter(|path| folder.join(path).is_dir()).collect();
    found.join(" and ")
}

/// Which of these a program says before it ends.
async fn printed(program: Program, parts: [&str; 2]) -> String {
    let ended = program.run().await;
    let found: Vec<&str> = parts.into_iter().filter(|part| ended.stderr.contains(part)).collect();
    if found.is_empty() { ended.stderr } else { found.join(" and ") }
}
