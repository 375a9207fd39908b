//! `[handlers]`.

use super::{
    Row, live,
    log::told_of,
    looks::{before, for_a_while, guest, member, members, new_address, new_name, office, probe, told, with_accounts},
    with,
};
use crate::{limits, roles_granted::with_roles};
use lambdio_tests::{Server, Socket, World};
use serde_json::json;

#[allow(clippy::too_many_lines, reason = "a table")]
pub(super) fn rows() -> Vec<Row> {
    vec![
        live(
            "handlers.*.*.enabled",
            probe,
            [
                with("[handlers.\"/limits\".length]\nenabled = true", "1"),
                with("[handlers.\"/limits\".length]\nenabled = false", "disabled"),
            ],
            async |server| length(&limits(server).await, 1).await,
        ),
        live(
            "handlers.*.*.timeout",
            probe,
            [
                with("[handlers.\"/limits\".wait]\ntimeout = \"100ms\"", "timeout"),
                with("[handlers.\"/limits\".wait]\ntimeout = \"1h\"", "goes on"),
            ],
            async |server| {
                let socket = limits(server).await;
                let seen = for_a_while("goes on", socket.ask("wait", json!([1]))).await;
                limits::open(server, 1).await;
                seen.map_or_else(|| "goes on".to_owned(), |answer| told(&answer))
            },
        ),
        live(
            "handlers.*.*.concurrent",
            probe,
            [
                with("[handlers.\"/limits\".wait]\nconcurrent = false", "later events wait"),
                with("[handlers.\"/limits\".wait]\nconcurrent = true", "later events go on"),
            ],
            async |server| {
                let socket = limits(server).await;
                socket.emit("wait", json!([1])).await;
                let seen = for_a_while("later events wait", length(&socket, 1)).await;
                limits::open(server, 1).await;
                if seen.is_some() { "later events go on" } else { "later events wait" }.to_owned()
            },
        ),
        live(
            "handlers.*.*.max_in_flight",
            probe,
            [
                with("[handlers.\"/limits\".two_at_a_time]\nmax_in_flight = 1", "1 at a time"),
                with("[handlers.\"/limits\".two_at_a_time]\nmax_in_flight = 3", "3 at a time"),
            ],
            async |server| {
                let socket = limits(server).await;
                socket.burst("two_at_a_time", (0..30).map(|_| json!([])).collect()).await;
                format!("{} at a time", socket.ask("most", json!([])).await)
            },
        ),
        live(
            "handlers.*.*.max_payload_size",
            probe,
            [
                with("[handlers.\"/limits\".length]\nmax_payload_size = \"1KiB\"", "payload_too_large"),
                with("[handlers.\"/limits\".length]\nmax_payload_size = \"4KiB\"", "2000"),
            ],
            async |server| length(&limits(server).await, 2000).await,
        ),
        live(
            "handlers.*.*.auth",
            |world| with_accounts(world, "policies"),
            [
                with("[handlers.\"/lounge\".read]", "the news"),
                with("[handlers.\"/lounge\".read]\nauth = \"required\"", "unauthenticated"),
            ],
            async |server| told(&guest(server).await.connect("/lounge").await.ask("read", json!([])).await),
        ),
        live(
            "handlers.*.*.roles",
            office,
            [
                with("[handlers.\"/office\".read]\nroles = [\"admin\"]", "forbidden"),
                with("[handlers.\"/office\".read]\nroles = [\"admin\", \"editor\"]", "the news"),
            ],
            async |server| {
                let editor = with_roles(server.world(), server, &new_name(), &["editor"]).await;
                told(&editor.connect("/office").await.ask("read", json!([])).await)
            },
        ),
        live(
            "handlers.*.*.rate_limit.per_socket",
            probe,
            [
                with("[handlers.\"/limits\".length]\nrate_limit.per_socket = \"2/h\"", "2"),
                with("[handlers.\"/limits\".length]\nrate_limit.per_socket = \"4/h\"", "4"),
            ],
            async |server| {
                let socket = limits(server).await;
                before("rate_limited", async || length(&socket, 1).await).await
            },
        ),
        live(
            "handlers.*.*.rate_limit.per_user",
            members,
            [
                with("[handlers.\"/members\".who_am_i]\nrate_limit.per_user = \"2/h\"", "2"),
                with("[handlers.\"/members\".who_am_i]\nrate_limit.per_user = \"4/h\"", "4"),
            ],
            async |server| {
                let somebody = member(server).await;
                before("rate_limited", async || {
                    told(&somebody.connect("/members").await.ask("who_am_i", json!([])).await)
                })
                .await
            },
        ),
        live(
            "handlers.*.*.rate_limit.per_address",
            probe,
            [
                with("[handlers.\"/limits\".length]\nrate_limit.per_address = \"2/h\"", "2"),
                with("[handlers.\"/limits\".length]\nrate_limit.per_address = \"4/h\"", "4"),
            ],
            async |server| {
                let (client, from) = (guest(server).await, json!({ "x-forwarded-for": new_address() }));
                before("rate_limited", async || length(&client.connect("/limits").headers(from.clone()).await, 1).await)
                    .await
            },
        ),
        live(
            "handlers.*.*.log_level",
            World::probe,
            [
                with("[handlers.\"/logs\".murmur]\nlog_level = \"off\"", "0 lines"),
                with("[handlers.\"/logs\".murmur]\nlog_level = \"debug\"", "3 lines"),
            ],
            async |server| format!("{} lines", told_of(server, "murmur", json!([])).await.len()),
        ),
    ]
}

/// Somebody new in `/limits`.
async fn limits(server: &Server) -> Socket {
    guest(server).await.connect("/limits").await
}

/// What comes of an event with so many letters: their number, or an error's code.
async fn length(socket: &Socket, letters: usize) -> String {
    told(&socket.ask("length", json!(["x".repeat(letters)])).await)
}
