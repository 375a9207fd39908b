//! `[otlp]`, of a program that is built with the feature.

use super::{Effect, Row, With, looks::guest, restarted, row, with};
use lambdio_tests::{Collector, Server, Span, World, eventually};
use std::borrow::Cow;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("otlp.endpoint", Effect::Restart, async |world| {
            let [one, other] = [Collector::start().await, Collector::start().await];
            let settings = [(&one, "one"), (&other, "other")].map(|(collector, seen)| With {
                setting: Cow::Owned(format!("[otlp]\nendpoint = {:?}", collector.url())),
                seen,
            });
            restarted("otlp.endpoint", world.example("traced"), settings, async |server| {
                let request = ask(server, "").await;
                let asked =
                    || [(&one, "one"), (&other, "other")].into_iter().find(|(at, _)| span(at, &request).is_some());
                eventually("a span", async || asked()).await.1.to_owned()
            })
            .await;
        }),
        of_spans(
            "otlp.headers",
            [
                with("[otlp.headers]\nx-key = \"sesame\"", "sesame"),
                with("[otlp.headers]\nx-key = \"swordfish\"", "swordfish"),
            ],
            |span| span.headers["x-key"].clone(),
        ),
        of_spans(
            "otlp.service_name",
            [
                with("[otlp]\nservice_name = \"orders\"", "\"orders\""),
                with("[otlp]\nservice_name = \"bills\"", "\"bills\""),
            ],
            |span| span.resource["service.name"].to_string(),
        ),
        of_spans(
            "otlp.service_version",
            [
                with("[otlp]\nservice_version = \"1.0\"", "\"1.0\""),
                with("[otlp]\nservice_version = \"2.0\"", "\"2.0\""),
            ],
            |span| span.resource["service.version"].to_string(),
        ),
        row("otlp.sample", Effect::Restart, async |world| {
            let collector = Collector::start().await;
            let program = world.example("traced").set(&format!("otlp.endpoint={}", collector.url()));
            let program = program.set("server.trusted_proxies=[\"127.0.0.1\"]");
            let settings = [with("[otlp]\nsample = 1.0", "all"), with("[otlp]\nsample = 0.0", "what the proxy says")];
            restarted("otlp.sample", program, settings, async |server| {
                let request = ask(server, "").await;
                // after that one, and sent whatever the share is
                let asked_for = ask(server, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").await;
                eventually("a span", async || span(&collector, &asked_for)).await;
                if span(&collector, &request).is_some() { "all" } else { "what the proxy says" }.to_owned()
            })
            .await;
        }),
    ]
}

/// A key that every span shows.
fn of_spans(key: &'static str, settings: [With; 2], look: fn(Span) -> String) -> Row {
    row(key, Effect::Restart, async move |world: World| {
        let collector = Collector::start().await;
        let program = world.example("traced").set(&format!("otlp.endpoint={}", collector.url()));
        restarted(key, program, settings, async |server| {
            let request = ask(server, "").await;
            look(eventually("a span", async || span(&collector, &request)).await)
        })
        .await;
    })
}

/// The name of a request, as part of a trace where there is one.
async fn ask(server: &Server, traceparent: &str) -> String {
    let answer = guest(server).await.get("/items/1").header("traceparent", traceparent).await;
    answer.headers["x-request-id"].clone()
}

/// The span of the request with this name.
fn span(collector: &Collector, request: &str) -> Option<Span> {
    collector.spans().into_iter().find(|span| span.attributes["lambdio.request"] == *request)
}
