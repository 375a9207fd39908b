//! Makes a started `mongod` the writable primary of its own replica set, with a user for the application.
//!
//! Every step looks at what is there first. A runtime killed between any two of them leaves a directory that the next
//! start completes.
//!
//! All of it is done as `__system`, the user that members of a replica set are to each other, whose password is the key file.
//! It works before the first user exists, so that the localhost exception can be off: with it, any process of this
//! machine could make itself administrator until we have. And it works when the application's user or its password got lost.

use std::net::Ipv4Addr;
use std::time::Duration;

use mongodb::bson::{Bson, Document, doc};
use mongodb::error::{Error, ErrorKind};
use mongodb::options::{AuthMechanism, ClientOptions, Credential, ServerAddress};
use mongodb::{Client, Collection, Database};
use tokio::net::TcpStream;

use super::error::EmbeddedError;
use super::launch::REPLICA_SET;

/// The application's database user.
const USER: &str = "lambdio";

/// Between two looks at something that takes some hundred milliseconds.
const POLL: Duration = Duration::from_millis(10);

/// Server error codes (<https://www.mongodb.com/docs/manual/reference/error-codes/>).
const USER_NOT_FOUND: i32 = 11;
const AUTHENTICATION_FAILED: i32 = 18;
const ALREADY_INITIALIZED: i32 = 23;

/// Set in the answer to `hello` of a replica set member that has no configuration, or none that names it.
const UNCONFIGURED: &str = "isreplicaset";

/// Brings a `mongod` that is just starting to where the application can use it. Takes as long as `mongod` does: the caller
/// bounds it. `state` is told what is being waited for.
pub(super) async fn prepare(
    port: u16,
    key: &str,
    password: &str,
    state: &(impl Fn(String) + Sync),
) -> Result<(), EmbeddedError> {
    state("it does not accept connections yet".to_owned());
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        tokio::time::sleep(POLL).await;
    }
    state("it does not answer".to_owned());
    let system = connect(port, "__system", "local", key).map_err(EmbeddedError::setup("connect to the server"))?;
    await_primary(&system, port, state).await?;
    state("its user is not ready".to_owned());
    ensure_user(&system.database("admin"), port, password).await.map_err(EmbeddedError::setup("prepare the user"))
}

/// What the application's client needs.
///
/// With `replicaSet` and not `directConnection`: when `mongod` is started again on the same port, there is a moment between
/// its first answer and its election. A client that knows the set waits for a primary through that moment; a
/// direct one takes any server that answers, and its writes fail with `NotWritablePrimary`.
pub(super) fn application_options(port: u16, password: &str) -> ClientOptions {
    let mut options = options(port, USER, "admin", password);
    options.repl_set_name = Some(REPLICA_SET.to_owned());
    options
}

fn options(port: u16, user: &str, source: &str, password: &str) -> ClientOptions {
    let credential = Credential::builder()
        .username(user.to_owned())
        .source(source.to_owned())
        .password(password.to_owned())
        .mechanism(AuthMechanism::ScramSha256)
        .build();
    ClientOptions::builder().hosts(vec![address(port)]).credential(credential).build()
}

fn address(port: u16) -> ServerAddress {
    ServerAddress::Tcp { host: Ipv4Addr::LOCALHOST.to_string(), port: Some(port) }
}

/// A client for this one server, whatever state its replica set is in.
fn connect(port: u16, user: &str, source: &str, password: &str) -> Result<Client, Error> {
    let mut options = options(port, user, source, password);
    options.direct_connection = Some(true);
    options.server_selection_timeout = Some(Duration::from_secs(5));
    Client::with_options(options)
}

async fn await_primary(system: &Client, port: u16, state: &(impl Fn(String) + Sync)) -> Result<(), EmbeddedError> {
    let admin = system.database("admin");
    loop {
        match admin.run_command(doc! { "hello": 1 }).await {
            Ok(hello) if hello.get_bool("isWritablePrimary").unwrap_or(false) => return Ok(()),
            Ok(hello) if hello.get_bool(UNCONFIGURED).unwrap_or(false) => {
                // Refused while mongod is still reading its stored configuration, which takes 30 s when whoever has its old
                // port now accepts connections and says nothing. A refusal that stays is told when the time is up.
                if let Err(error) = configure(system, port).await {
                    state(format!("it does not take its replica set configuration: {error}"));
                    tokio::time::sleep(POLL * 5).await;
                }
            }
            Ok(_) => state("it is not primary".to_owned()),
            // Nothing gets better by waiting when the key is refused.
            Err(error) if code(&error) == Some(AUTHENTICATION_FAILED) => {
                return Err(EmbeddedError::setup("log in as the system user")(error));
            }
            Err(error) => state(format!("it does not answer: {error}")),
        }
        tokio::time::sleep(POLL).await;
    }
}

/// The first time: initiates the replica set. Later: tells it that its only member has moved to another port.
async fn configure(system: &Client, port: u16) -> Result<(), Error> {
    let admin = system.database("admin");
    let host = address(port).to_string();
    let stored: Collection<Document> = system.database("local").collection("system.replset");
    let Some(mut config) = stored.find_one(doc! {}).await? else {
        let config = doc! { "_id": REPLICA_SET, "members": [{ "_id": 0, "host": host }] };
        return match admin.run_command(doc! { "replSetInitiate": config }).await {
            Err(error) if code(&error) == Some(ALREADY_INITIALIZED) => Ok(()),
            outcome => outcome.map(drop),
        };
    };
    let version = config.get("version").and_then(whole).unwrap_or(1);
    config.insert("version", version + 1);
    config.insert("members", vec![doc! { "_id": 0, "host": host }]);
    // By force, because a member that does not find itself in the configuration is no primary.
    admin.run_command(doc! { "replSetReconfig": config, "force": true }).await.map(drop)
}

/// Sees to it that the application's user exists with this password.
async fn ensure_user(admin: &Database, port: u16, password: &str) -> Result<(), Error> {
    match ping_as_user(port, password).await {
        Err(error) if code(&error) == Some(AUTHENTICATION_FAILED) => {}
        outcome => return outcome,
    }
    let update = doc! { "updateUser": USER, "pwd": password, "roles": ["root"] };
    match admin.run_command(update).await {
        Err(error) if code(&error) == Some(USER_NOT_FOUND) => {
            admin.run_command(doc! { "createUser": USER, "pwd": password, "roles": ["root"] }).await?;
        }
        outcome => drop(outcome?),
    }
    ping_as_user(port, password).await
}

async fn ping_as_user(port: u16, password: &str) -> Result<(), Error> {
    let client = connect(port, USER, "admin", password)?;
    client.database("admin").run_command(doc! { "ping": 1 }).await.map(drop)
}

/// The server's error code, also from inside a failed login, which the driver wraps.
fn code(error: &Error) -> Option<i32> {
    match error.kind.as_ref() {
        ErrorKind::Command(error) => Some(error.code),
        ErrorKind::Authentication { .. } => Some(AUTHENTICATION_FAILED),
        _ => None,
    }
}

fn whole(value: &Bson) -> Option<i64> {
    match *value {
        Bson::Int32(number) => Some(number.into()),
        Bson::Int64(number) => Some(number),
        _ => None,
    }
}
