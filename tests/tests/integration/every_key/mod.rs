//! Every key of the configuration changes something that can be seen from outside: one row for each leaf of its schema.
//!
//! A row has two settings of its key and what is seen with each of them. A key that is live is changed while the server runs;
//! one that is not is told of at the reload, and seen after the next start. The schema says which it is.

mod accounts;
mod app;
mod auth;
mod clients;
mod events;
mod handlers;
mod health;
mod leaves;
mod log;
mod looks;
mod metrics;
mod mongo;
mod namespaces;
mod otlp;
mod pages;
mod reload;
mod routes;
mod server;
mod socketio;

use lambdio_tests::{Program, Server, Trial, World, trial};
use leaves::leaves;
use looks::look_for;
use std::{borrow::Cow, collections::BTreeMap};

/// When a key takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    /// At the next reload.
    Live,
    /// At the next start.
    Restart,
}

/// What is seen of one key.
struct Row {
    key: &'static str,
    effect: Effect,
    trial: Trial,
    /// Of a key that decides about a start: another setting than the default, for a reload.
    at_work: Option<Cow<'static, str>>,
}

/// A setting, as it stands in `local.toml`, and what is seen with it.
struct With {
    setting: Cow<'static, str>,
    seen: &'static str,
}

/// Reads like a table: the setting, and what is seen.
const fn with(setting: &'static str, seen: &'static str) -> With {
    With { setting: Cow::Borrowed(setting), seen }
}

/// A key that takes effect at a reload. `look` says what is seen of the server, before the reload and after it.
fn live<P, L>(key: &'static str, program: P, [before, after]: [With; 2], look: L) -> Row
where
    P: FnOnce(&World) -> Program + Send + 'static,
    L: AsyncFn(&Server) -> String + Send + 'static,
{
    row(key, Effect::Live, async move |world| {
        let program = program(&world);
        let server = program.file("config/local.toml", &before.setting).await;
        assert_eq!(look_for(before.seen, look(&server)).await, before.seen, "{key} at the start: {}", before.setting);
        let reload = server.reload(&after.setting).await;
        assert!(reload.needs_restart().is_empty(), "{key} is taken over: {reload:?}");
        assert_eq!(look_for(after.seen, look(&server)).await, after.seen, "{key} after the reload: {}", after.setting);
    })
}

/// The same for a key that says how a server ends. `look` ends it, and says how.
fn live_to_the_end<P, L>(key: &'static str, program: P, [before, after]: [With; 2], look: L) -> Row
where
    P: FnOnce(&World) -> Program + Send + 'static,
    L: AsyncFn(Server) -> String + Send + 'static,
{
    row(key, Effect::Live, async move |world| {
        let program = program(&world);
        let server = program.clone().file("config/local.toml", &before.setting).await;
        assert_eq!(look_for(before.seen, look(server)).await, before.seen, "{key} at the start: {}", before.setting);
        let server = program.file("config/local.toml", &before.setting).await;
        server.reload(&after.setting).await;
        assert_eq!(look_for(after.seen, look(server)).await, after.seen, "{key} after the reload: {}", after.setting);
    })
}

/// A key that takes effect at the next start. `look` says what is seen of a server; a reload changes nothing of it, and says so.
fn restart<P, L>(key: &'static str, program: P, [before, after]: [With; 2], look: L) -> Row
where
    P: FnOnce(&World) -> Program + Send + 'static,
    L: AsyncFn(&Server) -> String + Send + 'static,
{
    row(key, Effect::Restart, async move |world| restarted(key, program(&world), [before, after], look).await)
}

/// What [`restart`] looks at.
async fn restarted<L>(key: &str, program: Program, [before, after]: [With; 2], look: L)
where
    L: AsyncFn(&Server) -> String,
{
    let mut server = program.clone().file("config/local.toml", &before.setting).await;
    assert_eq!(look_for(before.seen, look(&server)).await, before.seen, "{key} at the first start: {}", before.setting);
    let reload = server.reload(&after.setting).await;
    let is_said = reload.needs_restart().iter().any(|change| change.starts_with(key));
    assert!(is_said && reload.changed().is_empty(), "{key} needs a restart: {reload:?}");
    assert_eq!(look_for(before.seen, look(&server)).await, before.seen, "{key} after the reload: {}", after.setting);
    server.signal(lambdio_tests::Signal::TERM);
    server.wait_exit().await;
    let server = program.file("config/local.toml", &after.setting).await;
    assert_eq!(look_for(after.seen, look(&server)).await, after.seen, "{key} at the second start: {}", after.setting);
}

/// A key that decides about a start. `start` says what is seen of a program with the setting. The second one is not the default:
/// what a reload says of it is looked at for all such keys together.
fn start<P, S>(key: &'static str, program: P, settings: [With; 2], start: S) -> Row
where
    P: Fn(&World) -> Program + Send + 'static,
    S: AsyncFn(Program) -> String + Send + 'static,
{
    let at_work = Some(settings[1].setting.clone());
    let row = row(key, Effect::Restart, async move |world| {
        for With { setting, seen } in settings {
            let program = program(&world).file("config/local.toml", &setting);
            assert_eq!(start(program).await, seen, "{key}: {setting}");
        }
    });
    Row { at_work, ..row }
}

fn row(key: &'static str, effect: Effect, test: impl AsyncFnOnce(World) + Send + 'static) -> Row {
    Row { key, effect, trial: trial(module_path!(), key, test), at_work: None }
}

/// One test for each row, one that no row is missing, and one for what reloads say of keys that decide about a start.
pub fn trials() -> Vec<Trial> {
    let rows: Vec<Row> = [
        accounts::rows(),
        app::rows(),
        auth::rows(),
        events::rows(),
        handlers::rows(),
        health::rows(),
        log::rows(),
        metrics::rows(),
        mongo::rows(),
        namespaces::rows(),
        otlp::rows(),
        pages::rows(),
        reload::rows(),
        routes::rows(),
        server::rows(),
        socketio::rows(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let known: Vec<(&'static str, Effect)> = rows.iter().map(|row| (row.key, row.effect)).collect();
    let complete =
        trial(module_path!(), "no_key_is_forgotten", async move |world| no_key_is_forgotten(world, known).await);
    let at_work: Vec<(&'static str, Cow<'static, str>)> =
        rows.iter().filter_map(|row| Some((row.key, row.at_work.clone()?))).collect();
    let said = trial(module_path!(), "what_decides_about_a_start_is_said_to_need_one", async move |world| {
        what_decides_about_a_start_is_said_to_need_one(world, at_work).await;
    });
    rows.into_iter().map(|row| row.trial).chain([complete, said]).collect()
}

async fn what_decides_about_a_start_is_said_to_need_one(
    world: World,
    settings: Vec<(&'static str, Cow<'static, str>)>,
) {
    assert!(settings.len() > 5, "{settings:?}");
    let server = world.probe().await;
    for (key, setting) in settings {
        let reload = server.reload(&setting).await;
        let waiting = reload.needs_restart();
        let is_said = waiting.iter().any(|change| change.starts_with(&format!("{key}: ")));
        assert!(is_said && waiting.len() == 1 && reload.changed().is_empty(), "{key} needs a restart: {reload:?}");
    }
    let reload = server.reload("").await;
    assert!(reload.needs_restart().is_empty() && reload.changed().is_empty(), "as at the start: {reload:?}");
    assert_eq!(server.client("ada").await.get("/greeting").await.status, 200);
}

async fn no_key_is_forgotten(world: World, rows: Vec<(&'static str, Effect)>) {
    let printed = world.documents().args(["schema"]).run().await;
    let schema = serde_json::from_str(&printed.stdout).expect("a JSON Schema");
    let mut leaves = leaves(&schema);
    // tables that the application has not declared
    leaves.remove("app.*");
    let seen: BTreeMap<&str, Effect> = rows.iter().copied().collect();
    assert_eq!(seen.len(), rows.len(), "a key has two rows");
    let missing: Vec<_> = leaves.keys().filter(|key| !seen.contains_key(key.as_str())).collect();
    assert!(missing.is_empty(), "no row for {missing:#?}");
    let gone: Vec<_> = seen.keys().filter(|key| !leaves.contains_key(**key)).collect();
    assert!(gone.is_empty(), "the schema has no {gone:?}");
    let other: Vec<_> = leaves.iter().filter(|(key, effect)| seen.get(key.as_str()) != Some(effect)).collect();
    assert!(other.is_empty(), "the schema says otherwise: {other:?}");
}
