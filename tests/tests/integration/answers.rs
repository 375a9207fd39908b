//! Every failure is answered once: each code, over each transport, with and without an acknowledgement.

use super::refused_bodies::answer_to_half;
use lambdio::Code;
use lambdio_tests::{ErrorAnswer, Server, Signal, Socket, Transport, World, eventually, trials};
use serde_json::{Value, json};
use std::fmt::Write;

trials![every_failure_is_answered_once];

/// How to bring about a failure.
enum Way {
    /// An event that fails, after others that fill the queue.
    Event { namespace: &'static str, before: usize, event: &'static str, args: Value },
    /// An event while the server stops.
    WhileStopping,
    /// A request; events have no such failure.
    Request { method: &'static str, path: &'static str, media_type: &'static str },
    /// A request whose body does not come.
    HalfABody,
}

fn event(namespace: &'static str, event: &'static str, args: Value) -> Way {
    Way::Event { namespace, before: 0, event, args }
}

const JSON: &str = "application/json";

fn request(method: &'static str, path: &'static str, media_type: &'static str) -> Way {
    Way::Request { method, path, media_type }
}

/// A new code without a way to bring it about does not compile.
fn way_to(code: Code) -> Way {
    match code {
        Code::UnknownEvent => event("/errors", "no_such_event", json!([])),
        Code::NotFound => request("GET", "/nothing/here", JSON),
        Code::MethodNotAllowed => request("POST", "/life/journal", JSON),
        Code::InvalidPayload => event("/errors", "cart", json!([{"customer": 5}])),
        Code::PayloadTooLarge => event("/limits", "short", json!(["x".repeat(200)])),
        Code::BodyTimeout => Way::HalfABody,
        Code::UnsupportedMediaType => request("POST", "/errors/cart", "text/plain"),
        Code::RateLimited => event("/limits", "most", json!([])),
        Code::Overloaded => Way::Event { namespace: "/limits", before: 9, event: "wait", args: json!([9]) },
        Code::Timeout => event("/errors", "slow", json!([])),
        Code::Disabled => event("/errors", "switched_off", json!([])),
        Code::ShuttingDown => Way::WhileStopping,
        Code::Internal => event("/errors", "panic_later", json!(["now"])),
        // these a handler answers with, or what it uses
        Code::Unauthenticated | Code::Forbidden | Code::Unavailable => event("/errors", "fail", json!([code.as_str()])),
    }
}

async fn start(world: &World) -> Server {
    world
        .probe()
        .set("events.queue_length=8")
        .set("server.body_timeout=1s")
        .set("handlers.\"/errors\".switched_off.enabled=false")
        .set("handlers.\"/limits\".most.rate_limit.per_socket=1/h")
        .await
}

async fn every_failure_is_answered_once(world: World) {
    let shared = start(&world).await;
    let mut table = format!("\n{:<23} {:<10} {:<5} answer\n", "code", "transport", "ack");
    for &code in Code::ALL {
        if let Way::Request { method, path, media_type } = way_to(code) {
            let request = shared.client("ada").await.request(method, path).header("content-type", media_type);
            let response = request.await;
            assert_eq!((response.status, &response.json["error"]["code"]), (code.status(), &json!(code.as_str())));
            let _ = writeln!(table, "{:<23} {:<10} {:<5} {}", code.as_str(), "http", "", response.status);
            continue;
        }
        if let Way::HalfABody = way_to(code) {
            let answer = answer_to_half(&shared, "/errors/cart", "{").await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {} ", code.status())), "{answer}");
            assert!(answer.contains(&format!("\"{code}\"")), "{answer}");
            let _ = writeln!(table, "{:<23} {:<10} {:<5} {}", code.as_str(), "http", "", code.status());
            continue;
        }
        for transport in Transport::BOTH {
            for acked in [true, false] {
                let (error, place) = provoke(&world, &shared, code, transport, acked).await;
                assert_eq!(error.code, code.as_str(), "over {transport:?}, acknowledged: {acked}");
                let transport = format!("{transport:?}").to_lowercase();
                let _ = writeln!(table, "{:<23} {transport:<10} {acked:<5} {place}", error.code);
            }
        }
    }
    println!("{table}");
}

async fn provoke(
    world: &World,
    shared: &Server,
    code: Code,
    transport: Transport,
    acked: bool,
) -> (ErrorAnswer, &'static str) {
    let own;
    let (probe, namespace, before, event, args) = match way_to(code) {
        Way::Event { namespace, before, event, args } => (shared, namespace, before, event, args),
        Way::WhileStopping => {
            own = start(world).await;
            (&own, "/limits", 1, "length", json!(["x"]))
        }
        Way::Request { .. } | Way::HalfABody => unreachable!("events have no such failure"),
    };
    let socket = probe.client("ada").await.connect(namespace).over(transport).await;
    if before > 0 {
        let other = probe.client("bob").await.connect("/limits").await;
        let others = running(&other).await;
        socket.emit("wait", json!([0])).await;
        // it has its turn, and leaves the queue to what comes after it
        eventually("a handler waits", async || (running(&other).await > others).then_some(())).await;
        other.close().await;
    }
    for number in 1..before {
        socket.emit("wait", json!([number])).await;
    }
    if code == Code::RateLimited {
        socket.ask(event, args.clone()).await;
    }
    if code == Code::ShuttingDown {
        // the server goes on as long as something is being done
        probe.signal(Signal::TERM);
        probe.log_contains("stopping").await;
    }
    let error = if acked {
        socket.ask_error(event, args).await
    } else {
        socket.emit(event, args).await;
        let (name, error) = socket.next_exception().await;
        assert_eq!(name, json!(event));
        error
    };
    if before > 0 {
        probe.client("ada").await.post("/limits/open", json!({})).await;
    } else {
        let answered = socket.ask("no_such_event", json!([])).await;
        assert_eq!(answered["error"]["code"], "unknown_event", "the socket is served as before");
    }
    let exceptions = socket.events_seen().await.into_iter().filter(|seen| seen.event == "exception").count();
    assert_eq!(exceptions, usize::from(!acked), "{code} over {transport:?}");
    socket.close().await;
    (error, if acked { "acknowledgement" } else { "exception" })
}

/// How many handlers of `/limits` wait.
async fn running(socket: &Socket) -> Option<u64> {
    socket.ask("running", json!([])).await.as_u64()
}
