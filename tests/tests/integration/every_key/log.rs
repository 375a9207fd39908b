//! `[log]`.

use super::{Row, clients::newcomer, live, looks::new_name, with};
use lambdio_tests::{Server, World};
use serde_json::{Value, json};

pub(super) fn rows() -> Vec<Row> {
    vec![
        live(
            "log.level",
            |world| world.probe().without_env("LAMBDIO__LOG__LEVEL"),
            [
                with("log.level = \"info\"", "errors"),
                with("log.level = \"info,lambdio=debug\"", "errors and successes"),
            ],
            what_is_told,
        ),
        live(
            "log.format",
            World::probe,
            [with("log.format = \"text\"", "text"), with("log.format = \"json\"", "JSON")],
            form_of_a_line,
        ),
        live(
            "log.sample_served",
            World::probe,
            [with("log.sample_served = 0.0", "DEBUG"), with("log.sample_served = 1.0", "INFO")],
            async |server| {
                let lines = told_of(server, "wait", json!([0])).await;
                let served = lines.iter().find(|line| line.contains(" served ")).expect("a record");
                served.split_whitespace().nth(1).unwrap_or_default().to_owned()
            },
        ),
        live(
            "log.slow_invocation",
            World::probe,
            [with("log.slow_invocation = \"1h\"", "nothing"), with("log.slow_invocation = \"50ms\"", "a warning")],
            async |server| warnings(&told_of(server, "wait", json!([100])).await, "longer than log.slow_invocation"),
        ),
        live(
            "log.blocked_thread",
            World::probe,
            [with("log.blocked_thread = \"1h\"", "nothing"), with("log.blocked_thread = \"50ms\"", "a warning")],
            async |server| warnings(&told_of(server, "block", json!([3000])).await, "blocks a thread of the server"),
        ),
        live(
            "log.redact",
            World::probe,
            [with("log.redact = [\"password\"]", "password"), with("log.redact = [\"Order\"]", "order")],
            async |server| {
                let lines = told_of(server, "say", json!(["hello"])).await;
                let said = lines.iter().find(|line| line.contains("said hello")).expect("what was said");
                let hidden =
                    ["password", "order"].into_iter().filter(|name| said.contains(&format!("{name}=[redacted]")));
                hidden.collect::<Vec<_>>().join(" and ")
            },
        ),
    ]
}

/// Of which events the log tells: one that is served, and one that fails.
async fn what_is_told(server: &Server) -> String {
    let told_before = server.log().lines().len();
    let socket = newcomer(server, "/errors").await;
    assert_eq!(socket.ask("fine", json!([])).await, json!(true));
    let error = socket.ask_error("secret", json!([])).await;
    server.log_contains(&error.id).await;
    // one socket's events are served, and told of, in order
    let successes = server.log().lines().iter().skip(told_before).any(|line| line.contains("served"));
    if successes { "errors and successes" } else { "errors" }.to_owned()
}

async fn form_of_a_line(server: &Server) -> String {
    let error = newcomer(server, "/errors").await.ask_error("secret", json!([])).await;
    let line = server.log_contains(&error.id).await;
    match serde_json::from_str::<Value>(&line) {
        Ok(line) if line["invocation"] == error.id => "JSON".to_owned(),
        Ok(other) => format!("JSON without the id: {other}"),
        Err(_) => "text".to_owned(),
    }
}

/// What the log tells of an event of `/logs`, to its end.
pub(super) async fn told_of(server: &Server, event: &str, args: Value) -> Vec<String> {
    let before = server.log().lines().len();
    let socket = newcomer(server, "/logs").await;
    socket.ask(event, args).await;
    // one socket's events are told of in order
    let end = new_name();
    socket.ask("say", json!([end])).await;
    server.log_contains(&format!("said {end}")).await;
    let of_event = format!(" event={event} ");
    server.log().lines().into_iter().skip(before).filter(|line| line.contains(&of_event)).collect()
}

fn warnings(lines: &[String], text: &str) -> String {
    let warned = lines.iter().any(|line| line.contains(" WARN ") && line.contains(text));
    if warned { "a warning" } else { "nothing" }.to_owned()
}
