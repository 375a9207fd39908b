//! `invoke`: calls one handler.

use super::output::{print, show_warnings};
use crate::{
    app::{App, error::explain, in_process::InProcess, prepare::Checked},
    auth::{Accounts, Welcome},
    config::Config,
    registry::{Registry, nearest},
    testing::{ClientError, Request},
};
use clap::Args;
use serde_json::Value;
use std::{
    io::{IsTerminal, Read},
    time::Duration,
};

/// Calls one handler inside this process, and prints what it answers
///
/// The event goes the way of every event: connecting, middleware, guard, limits, deadline. It is handled with the settings and
/// the database of a server, but not by a running one: rooms, presence and other clients are not there. Where a server runs
/// with the embedded database, both use it.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  {program} invoke /chat say '\"hello\"'
  {program} invoke /documents rename '{\"id\": \"65a0…\", \"title\": \"Plan\"}' --as ada
  {program} invoke /chat history - < question.json
  {program} invoke HTTP 'GET /auth/me' --as ada

Exit codes:
  0  it was served; standard output has the answer as JSON
  1  it was refused or failed; standard error has the error, with the JSON that a client would get")]
pub(super) struct Arguments {
    /// The namespace, such as /chat; HTTP for a route
    namespace: String,
    /// The event, such as say; of a route its method and address, such as 'GET /auth/me'
    event: String,
    /// The event's arguments, each as JSON; a route's body. `-` reads one from standard input
    #[arg(value_name = "JSON", allow_negative_numbers = true)]
    values: Vec<String>,
    /// Acts as the user with an account of this name, in a session that is ended afterwards
    #[arg(long = "as", value_name = "NAME")]
    user: Option<String>,
    /// Shows on standard error the events that came back, a JSON list each: name, arguments
    #[arg(long)]
    events: bool,
}

/// Longer than any handler's deadline: the answer always comes.
const PATIENCE: Duration = Duration::from_hours(24);

/// The namespace that stands for routes.
const HTTP: &str = "HTTP";

pub(super) fn run(app: App, config: Config, arguments: &Arguments) -> Result<(), String> {
    let _logging = show_warnings();
    let values = arguments.values.iter().map(|text| value(text)).collect::<Result<Vec<_>, _>>()?;
    let checked = Checked::new(app, config).map_err(|obstacle| obstacle.to_string())?;
    if arguments.namespace != HTTP {
        check_event(checked.registry(), &arguments.namespace, &arguments.event)?;
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    let answer = runtime.block_on(async {
        let mongo = checked.reach_mongo().await.map_err(|obstacle| obstacle.to_string())?;
        let app = InProcess::begin(checked, mongo).await.map_err(|obstacle| obstacle.to_string())?;
        let answer = call_as(&app, arguments, &values).await;
        app.stop().await;
        answer
    })?;
    print(&text_of(&answer))
}

/// An argument: JSON, or all of standard input.
fn value(argument: &str) -> Result<Value, String> {
    let mut text = argument.to_owned();
    if argument == "-" {
        text.clear();
        std::io::stdin().read_to_string(&mut text).map_err(|error| format!("standard input: {error}"))?;
    }
    serde_json::from_str(&text).map_err(|error| {
        format!(
            "not JSON: {error}; a text stands between double quotes, in a shell between single ones as well: '\"text\"'"
        )
    })
}

/// For people in lines, for programs in one.
fn text_of(answer: &Value) -> String {
    if std::io::stdout().is_terminal() { format!("{answer:#}") } else { answer.to_string() }
}

/// Somebody serves the event.
fn check_event(registry: &Registry, namespace: &str, event: &str) -> Result<(), String> {
    let Some(entry) = registry.namespaces().iter().find(|entry| entry.path == namespace) else {
        let hint = nearest(namespace, registry.namespaces().iter().map(|entry| entry.path));
        return Err(format!("no handler serves the namespace {namespace:?}{hint}"));
    };
    if entry.handler_of(event).is_none() {
        let hint = nearest(event, entry.events.keys().copied());
        return Err(format!("no handler of {namespace} serves the event {event:?}{hint}"));
    }
    Ok(())
}

/// Calls as the user that was asked for, if any.
async fn call_as(app: &InProcess, arguments: &Arguments, values: &[Value]) -> Result<Value, String> {
    let Some(name) = &arguments.user else { return call(app, arguments, values, None).await };
    let accounts = app.accounts().map_err(|_| super::accounts::OFF.to_owned())?;
    let welcome = begin(&accounts, name).await?;
    let answer = call(app, arguments, values, Some(&welcome.access.token)).await;
    let ended = accounts.end_begun(&welcome).await;
    answer.and_then(|answer| ended.map(|()| answer).map_err(|error| explain(&error)))
}

async fn begin(accounts: &Accounts, name: &str) -> Result<Welcome, String> {
    let welcome = accounts.begin_for(name, "the command invoke").await.map_err(|error| explain(&error))?;
    welcome.ok_or_else(|| format!("there is no account {name:?} that may log in"))
}

async fn call(app: &InProcess, arguments: &Arguments, values: &[Value], token: Option<&str>) -> Result<Value, String> {
    if arguments.namespace == HTTP {
        return request(app, arguments, values, token).await;
    }
    let connecting = app.client(&arguments.namespace).patience(PATIENCE);
    let connecting = match token {
        Some(token) => connecting.auth(&serde_json::json!({ "token": token })),
        None => connecting,
    };
    let client = connecting.await.map_err(|error| error.to_string())?;
    let answer = client.ask_args(&arguments.event, &values).await;
    if arguments.events {
        for (name, mut arguments) in client.take_events() {
            arguments.insert(0, name.into());
            eprintln!("{}", Value::Array(arguments));
        }
    }
    answer.map_err(|error: ClientError| match error {
        ClientError::Refused { refused, .. } => refused.to_json().to_string(),
        error => error.to_string(),
    })
}

/// Asks a route.
async fn request(
    app: &InProcess,
    arguments: &Arguments,
    values: &[Value],
    token: Option<&str>,
) -> Result<Value, String> {
    let (method, address) =
        arguments.event.split_once(' ').ok_or("a route is its method and address: 'GET /auth/me'")?;
    if values.len() > 1 {
        return Err("a route has one body, so there is one argument at most".to_owned());
    }
    let mut request = Request::builder().method(method).uri(address.trim()).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = values.first().map(Value::to_string).unwrap_or_default();
    let request = request.body(body).map_err(|error| format!("{:?}: {error}", arguments.event))?;
    let answer = app.request_within(request, PATIENCE).await.map_err(|error| error.to_string())?;
    let (status, body) = (answer.status(), answer.into_body());
    let body = serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8_lossy(&body).into_owned().into());
    if status.is_client_error() || status.is_server_error() { Err(format!("{status}: {body}")) } else { Ok(body) }
}
