//! What looks have in common: programs, and clients that no look before has used.

use lambdio_tests::{Client, PATIENCE, Program, Response, Server, World};
use mongodb::bson::{Document, doc, oid::ObjectId};
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};
use tokio::time::timeout;

/// Accounts that are quick, clients that say where they come from, and no limit that a row does not set itself.
const BASE: &str = r#"
[server]
trusted_proxies = ["127.0.0.1"]
[auth.accounts]
bcrypt_cost = 4
login_rate_limit = { per_account = "1000/s", per_address = "1000/s" }
"#;

static LOOKS: AtomicU16 = AtomicU16::new(0);

/// An application with accounts, in the test's database. Its settings are in the lowest layer.
pub fn with_accounts(world: &World, example: &str) -> Program {
    world.example(example).with_database().file("config/default.toml", BASE)
}

/// The application `members`: one has to be logged in to be in `/members`.
pub fn members(world: &World) -> Program {
    members_with_embedded_database(world).with_database()
}

/// The same with a database of its own, which no row waits for.
pub fn members_with_embedded_database(world: &World) -> Program {
    let namespaces = [("/members", "required"), ("/rooms", "required"), ("/guests", "optional")];
    let program = world.example("members").file("config/default.toml", BASE);
    namespaces
        .iter()
        .fold(program, |program, (namespace, auth)| program.set(&format!("namespaces.{namespace:?}.auth={auth}")))
}

/// The application `roles`, which leaves `/vault` to the row.
pub fn office(world: &World) -> Program {
    with_accounts(world, "roles").set("namespaces.\"/office\".auth=required").set("namespaces.\"/vault\".auth=required")
}

/// The application `probe`, whose clients say where they come from.
pub fn probe(world: &World) -> Program {
    world.probe().set("server.trusted_proxies=[\"127.0.0.1\"]")
}

/// A number that no look before has had.
pub fn new_number() -> u16 {
    LOOKS.fetch_add(1, Ordering::Relaxed)
}

/// A name that nobody has yet.
pub fn new_name() -> String {
    format!("Somebody {}", new_number())
}

/// An address that nobody has come from yet, of those that are for tests (RFC 2544).
pub fn new_address() -> String {
    let [high, low] = new_number().to_be_bytes();
    format!("198.18.{high}.{low}")
}

/// An address of this machine for this process alone, so that a port is free there.
pub fn own_host() -> String {
    let [_, high, middle, low] = std::process::id().to_be_bytes();
    format!("127.{}.{middle}.{low}", 64 | high)
}

/// Somebody without an account.
pub async fn guest(server: &Server) -> Client {
    server.client(&new_name()).await
}

/// Somebody new with an account, logged in by a cookie.
pub async fn member(server: &Server) -> Client {
    server.registered(&new_name()).await.0
}

/// Somebody new with an account, logged in by the tokens in the answer.
pub struct Bearer {
    pub client: Client,
    pub name: String,
    pub token: String,
    pub refresh_token: String,
}

impl Bearer {
    pub async fn new(server: &Server) -> Self {
        let name = new_name();
        let client = server.client(&name).await;
        let answer = client.post("/auth/register", Self::credentials(&name)).await;
        let text = |field: &str| answer.json[field].as_str().unwrap_or_else(|| panic!("no {field}: {}", answer.text));
        Self { token: text("token").to_owned(), refresh_token: text("refresh_token").to_owned(), name, client }
    }

    fn credentials(name: &str) -> Value {
        json!({ "name": name, "password": lambdio_tests::PASSWORD, "bearer": true })
    }

    /// Logs in once more.
    pub async fn log_in_again(&self) -> Response {
        self.client.post("/auth/login", Self::credentials(&self.name)).await
    }

    /// Uses the refresh token that came with the account.
    pub async fn refresh(&self) -> Response {
        self.client.post("/auth/refresh", json!({ "refresh_token": self.refresh_token })).await
    }

    /// Asks who this is, with a token.
    pub async fn show(&self, token: &str) -> Response {
        self.client.get("/me").header("authorization", &format!("Bearer {token}")).await
    }
}

/// The stored account of somebody.
pub async fn account(server: &Server, name: &str) -> Document {
    let accounts = server.world().database().await.handle.collection::<Document>("lambdio_accounts");
    accounts.find_one(doc! { "name": name }).await.expect("an answer").expect("an account")
}

/// Changes the stored account of somebody by hand.
pub async fn change_account(server: &Server, account: &Document, change: Document) {
    let accounts = server.world().database().await.handle.collection::<Document>("lambdio_accounts");
    let id: ObjectId = account.get_object_id("_id").expect("an id");
    accounts.update_one(doc! { "_id": id }, change).await.expect("an update");
}

/// What was answered: the code of an error, or what came instead.
pub fn told(answer: &Value) -> String {
    let code = answer["error"]["code"].as_str().or(answer.as_str());
    code.map_or_else(|| answer.to_string(), str::to_owned)
}

/// Whether somebody gets into a namespace, or why not.
pub async fn entering(client: &Client, namespace: &str) -> String {
    match client.connect(namespace).open().await {
        Ok(_) => "let in".to_owned(),
        Err(refusal) => refusal.message,
    }
}

/// How many were answered before this error.
pub async fn before(code: &str, mut ask: impl AsyncFnMut() -> String) -> String {
    for count in 0..10 {
        if ask().await == code {
            return count.to_string();
        }
    }
    "10 and more".to_owned()
}

tokio::task_local! {
    /// What a row says will be seen.
    static EXPECTED: &'static str;
}

/// A look at a server, of which a row says what will be seen.
pub async fn look_for<T>(expected: &'static str, look: impl Future<Output = T>) -> T {
    EXPECTED.scope(expected, look).await
}

/// What comes within a while, or nothing where it goes on, of which a row says `otherwise`. A row that says that something
/// comes waits for that, however slow the machine is.
pub async fn for_a_while<T>(otherwise: &str, what: impl Future<Output = T>) -> Option<T> {
    let goes_on = EXPECTED.with(|expected| *expected == otherwise);
    timeout(if goes_on { Duration::from_millis(1200) } else { PATIENCE }, what).await.ok()
}
