//! `[routes]`.

use super::{
    Row, live,
    log::told_of,
    looks::{before, for_a_while, guest, member, members, new_address, new_name, office, probe, told, with_accounts},
    with,
};
use crate::{limits, roles_granted::with_roles};
use futures_util::future::join_all;
use lambdio_tests::{Server, World};
use serde_json::json;

#[allow(clippy::too_many_lines, reason = "a table")]
pub(super) fn rows() -> Vec<Row> {
    vec![
        live(
            "routes.*.enabled",
            probe,
            [
                with("[routes.\"POST /limits/short\"]\nenabled = true", "1"),
                with("[routes.\"POST /limits/short\"]\nenabled = false", "disabled"),
            ],
            async |server| length(server, 1).await,
        ),
        live(
            "routes.*.timeout",
            probe,
            [
                with("[routes.\"POST /limits/wait\"]\ntimeout = \"100ms\"", "timeout"),
                with("[routes.\"POST /limits/wait\"]\ntimeout = \"1h\"", "goes on"),
            ],
            async |server| {
                let client = guest(server).await;
                let seen = for_a_while("goes on", async { client.post("/limits/wait", json!(1)).await }).await;
                limits::open(server, 1).await;
                seen.map_or_else(|| "goes on".to_owned(), |answer| told(&answer.json))
            },
        ),
        live(
            "routes.*.max_in_flight",
            probe,
            [
                with("[routes.\"POST /limits/two_at_a_time\"]\nmax_in_flight = 1", "1 at a time"),
                with("[routes.\"POST /limits/two_at_a_time\"]\nmax_in_flight = 3", "3 at a time"),
            ],
            async |server| {
                let client = guest(server).await;
                let ask = |_| async { client.post("/limits/two_at_a_time", json!(null)).await.status };
                assert_eq!(join_all((0..30).map(ask)).await, [204; 30]);
                format!("{} at a time", client.get("/limits/most").await.json)
            },
        ),
        live(
            "routes.*.max_payload_size",
            probe,
            [
                with("[routes.\"POST /limits/short\"]\nmax_payload_size = \"1KiB\"", "payload_too_large"),
                with("[routes.\"POST /limits/short\"]\nmax_payload_size = \"4KiB\"", "2000"),
            ],
            async |server| length(server, 2000).await,
        ),
        live(
            "routes.*.auth",
            |world| with_accounts(world, "policies"),
            [
                with("[routes.\"GET /news\"]", "the news"),
                with("[routes.\"GET /news\"]\nauth = \"required\"", "unauthenticated"),
            ],
            async |server| told(&guest(server).await.get("/news").await.json),
        ),
        live(
            "routes.*.roles",
            office,
            [
                with("[routes.\"POST /office/news\"]\nroles = [\"admin\"]", "forbidden"),
                with("[routes.\"POST /office/news\"]\nroles = [\"admin\", \"editor\"]", "4"),
            ],
            async |server| {
                let editor = with_roles(server.world(), server, &new_name(), &["editor"]).await;
                told(&editor.post("/office/news", json!("news")).await.json)
            },
        ),
        live(
            "routes.*.rate_limit.per_user",
            members,
            [
                with("[routes.\"GET /me\"]\nrate_limit.per_user = \"2/h\"", "2"),
                with("[routes.\"GET /me\"]\nrate_limit.per_user = \"4/h\"", "4"),
            ],
            async |server| {
                let somebody = member(server).await;
                before("rate_limited", async || told(&somebody.get("/me").await.json)).await
            },
        ),
        live(
            "routes.*.rate_limit.per_address",
            probe,
            [
                with("[routes.\"GET /limits/most\"]\nrate_limit.per_address = \"2/h\"", "2"),
                with("[routes.\"GET /limits/most\"]\nrate_limit.per_address = \"4/h\"", "4"),
            ],
            async |server| {
                let (client, from) = (guest(server).await, new_address());
                before("rate_limited", async || {
                    told(&client.get("/limits/most").header("x-forwarded-for", &from).await.json)
                })
                .await
            },
        ),
        live(
            "routes.*.log_level",
            World::probe,
            [
                with("[routes.\"GET /logs/say\"]\nlog_level = \"off\"", "nothing"),
                with("[routes.\"GET /logs/say\"]\nlog_level = \"info\"", "what its author says"),
            ],
            async |server| {
                let before = server.log().lines().len();
                assert_eq!(guest(server).await.get("/logs/say").await.status, 200);
                // told of later than what was said over HTTP
                told_of(server, "wait", json!([0])).await;
                let told = server.log().lines().iter().skip(before).any(|line| line.contains("said over HTTP"));
                if told { "what its author says" } else { "nothing" }.to_owned()
            },
        ),
    ]
}

/// What comes of a body with so many letters: their number, or an error's code.
async fn length(server: &Server, letters: usize) -> String {
    told(&guest(server).await.post("/limits/short", json!("x".repeat(letters))).await.json)
}
