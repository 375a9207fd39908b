//! `[auth.accounts]`.

use super::{
    Row, live,
    looks::{Bearer, account, before, change_account, members, new_address, new_name, told},
    with,
};
use futures_util::future::join_all;
use lambdio_tests::Server;
use mongodb::bson::{DateTime, Document, doc};
use serde_json::json;

const MINUTE: i64 = 60 * 1000;

pub(super) fn rows() -> Vec<Row> {
    vec![
        live(
            "auth.accounts.bcrypt_cost",
            members,
            [with("[auth.accounts]\nbcrypt_cost = 5", "05"), with("[auth.accounts]\nbcrypt_cost = 6", "06")],
            async |server| {
                let account = account(server, &Bearer::new(server).await.name).await;
                // as in $2b$05$…
                account.get_str("password_hash").expect("a hash").split('$').nth(2).unwrap_or_default().to_owned()
            },
        ),
        live(
            "auth.accounts.parallel_hashes",
            |world| members(world).set("auth.accounts.bcrypt_cost=12").set("auth.accounts.hash_queue=0"),
            [
                with("[auth.accounts]\nparallel_hashes = 1", "not all of them"),
                with("[auth.accounts]\nparallel_hashes = 4", "all of them"),
            ],
            four_at_once,
        ),
        live(
            "auth.accounts.hash_queue",
            |world| members(world).set("auth.accounts.bcrypt_cost=12").set("auth.accounts.parallel_hashes=1"),
            [
                with("[auth.accounts]\nhash_queue = 0", "not all of them"),
                with("[auth.accounts]\nhash_queue = 3", "all of them"),
            ],
            four_at_once,
        ),
        live(
            "auth.accounts.session_idle_timeout",
            members,
            [
                with("[auth.accounts]\nsession_idle_timeout = \"2h\"", "120 minutes"),
                with("[auth.accounts]\nsession_idle_timeout = \"3h\"", "180 minutes"),
            ],
            async |server| {
                let account = account(server, &Bearer::new(server).await.name).await;
                minutes(&account, "created_at", "expires_at")
            },
        ),
        live(
            "auth.accounts.session_lifetime",
            |world| members(world).set("auth.accounts.session_idle_timeout=1h"),
            [
                with("[auth.accounts]\nsession_lifetime = \"2h\"", "30 minutes"),
                with("[auth.accounts]\nsession_lifetime = \"3h\"", "60 minutes"),
            ],
            refreshed_after_90_minutes,
        ),
        live(
            "auth.accounts.refresh_grace",
            members,
            [
                with("[auth.accounts]\nrefresh_grace = \"0s\"", "401"),
                with("[auth.accounts]\nrefresh_grace = \"1h\"", "200"),
            ],
            async |server| {
                let somebody = Bearer::new(server).await;
                assert_eq!(somebody.refresh().await.status, 200);
                somebody.refresh().await.status.to_string()
            },
        ),
        live(
            "auth.accounts.max_sessions",
            members,
            [with("[auth.accounts]\nmax_sessions = 1", "401"), with("[auth.accounts]\nmax_sessions = 2", "200")],
            async |server| {
                let somebody = Bearer::new(server).await;
                assert_eq!(somebody.log_in_again().await.status, 200);
                somebody.show(&somebody.token).await.status.to_string()
            },
        ),
        live(
            "auth.accounts.login_rate_limit.per_account",
            members,
            [
                with("[auth.accounts]\nlogin_rate_limit.per_account = \"2/h\"", "2"),
                with("[auth.accounts]\nlogin_rate_limit.per_account = \"4/h\"", "4"),
            ],
            async |server| {
                let name = new_name();
                before("rate_limited", async || guess(server, &name, &new_address()).await).await
            },
        ),
        live(
            "auth.accounts.login_rate_limit.per_address",
            members,
            [
                with("[auth.accounts]\nlogin_rate_limit.per_address = \"2/h\"", "2"),
                with("[auth.accounts]\nlogin_rate_limit.per_address = \"4/h\"", "4"),
            ],
            async |server| {
                let address = new_address();
                before("rate_limited", async || guess(server, &new_name(), &address).await).await
            },
        ),
    ]
}

/// Whether four who register at the same time find room. Their passwords take a quarter of a second each, or more.
async fn four_at_once(server: &Server) -> String {
    let mut registering = Vec::new();
    for name in [(); 4].map(|()| new_name()) {
        let client = server.client(&name).await;
        let body = json!({ "name": name, "password": lambdio_tests::PASSWORD });
        registering.push(async move { client.post("/auth/register", body).await });
    }
    let answers = join_all(registering).await;
    let refused: Vec<String> =
        answers.iter().filter(|answer| answer.status != 201).map(|answer| told(&answer.json)).collect();
    assert!(refused.iter().all(|code| code == "overloaded"), "{refused:?}");
    if refused.is_empty() { "all of them" } else { "not all of them" }.to_owned()
}

/// For how long a session lasts that is refreshed 90 minutes after it began.
async fn refreshed_after_90_minutes(server: &Server) -> String {
    let somebody = Bearer::new(server).await;
    let before = account(server, &somebody.name).await;
    let began = moment(&before, "created_at") - 90 * MINUTE;
    let earlier = doc! { "$set": { "sessions.0.created_at": DateTime::from_millis(began) } };
    change_account(server, &before, earlier).await;
    assert_eq!(somebody.refresh().await.status, 200);
    minutes(&account(server, &somebody.name).await, "refreshed_at", "expires_at")
}

/// From one moment of an account's only session to another.
fn minutes(account: &Document, from: &str, to: &str) -> String {
    let between = moment(account, to) - moment(account, from);
    format!("{} minutes", (between + MINUTE / 2) / MINUTE)
}

/// In milliseconds.
fn moment(account: &Document, field: &str) -> i64 {
    let session = account.get_array("sessions").expect("a list")[0].as_document().expect("a session");
    session.get_datetime(field).expect("a date").timestamp_millis()
}

/// A wrong password from somewhere.
async fn guess(server: &Server, name: &str, address: &str) -> String {
    let mallory = server.client("Mallory").await;
    let body = json!({ "name": name, "password": "wrong horse" });
    told(&mallory.post("/auth/login", body).header("x-forwarded-for", address).await.json)
}
