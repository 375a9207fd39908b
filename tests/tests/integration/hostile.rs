//! Clients that mean no good: the server lives, and the others do not notice.

use futures_util::future::join_all;
use lambdio_tests::{RawConnection, Server, Socket, World, trials};
use serde_json::json;
use std::ops::Range;
use tokio::{io::AsyncWriteExt, net::TcpStream};

trials![
    garbage_packets_close_their_connection_only,
    a_message_over_the_limit_closes_its_connection_only,
    a_polling_body_over_the_limit_harms_nobody,
    an_event_name_with_a_quote_closes_its_connection_only,
    attachments_that_never_come_harm_nobody,
    a_thousand_quick_connections_harm_nobody,
    half_a_request_harms_nobody,
    an_event_before_connect_is_not_served,
    a_client_that_does_not_read_is_cut_off,
    namespaces_that_there_are_not_leave_nothing_behind,
];

/// Somebody who is served all the time.
async fn bystander(probe: &Server) -> Socket {
    let bob = probe.client("bob").await.connect("/payloads").await;
    assert_eq!(bob.ask("text", json!(["before"])).await, json!("before"));
    bob
}

async fn unharmed(probe: &mut Server, bob: &Socket) {
    assert!(probe.is_running());
    assert_eq!(bob.ask("text", json!(["still"])).await, json!("still"), "the old connection serves");
    let new = probe.client("eve").await.connect("/payloads").await;
    assert_eq!(new.ask("text", json!(["new"])).await, json!("new"), "a new connection serves");
    for line in probe.log().lines() {
        assert!(!line.contains("panicked"), "{line}");
    }
}

async fn entered(probe: &Server) -> RawConnection {
    let mut raw = probe.raw().await;
    raw.text("40/payloads,").await;
    raw.next_text("40/payloads,").await;
    raw
}

async fn garbage_packets_close_their_connection_only(world: World) {
    let mut probe = world.probe().await;
    let bob = bystander(&probe).await;
    for garbage in [
        "",
        "9",
        "x",
        "4",
        "4x",
        "42",
        "42/payloads",
        "42/payloads,",
        "42/payloads,{}",
        "42/payloads,[]",
        "42/payloads,[1]",
        "42/payloads,[null,1]",
        "42/payloads,[\"text\"",
        "42/payloads,[\"text\",",
        "42/payloads,99999999999999999999999999[\"text\",1]",
        "43/payloads,1[1]",
        "43/payloads,[1]",
        "43/payloads,99999999999999999999[1]",
        "44/payloads,\"error\"",
        "451-/payloads,[\"bytes\"]",
        "459999999999999999999-/payloads,[\"bytes\",{\"_placeholder\":true,\"num\":0}]",
        "46/payloads,1[1]",
        "47",
        "40/payloads,",
        "40/payloads,{\"token\":",
        "41/nowhere,",
    ] {
        let mut raw = entered(&probe).await;
        // some of it is no offence; what matters is everybody else
        let _ = raw.send(1, garbage.as_bytes()).await;
        let _ = raw.send(1, b"42/payloads,1[\"text\",\"after it\"]").await;
        let _ = raw.send(2, &[0, 159, 146, 150]).await;
        let _ = raw.send(1, &[0xff, 0xfe, 0x80]).await;
        raw.closed().await;
        assert_eq!(bob.ask("text", json!([garbage])).await, json!(garbage), "after {garbage:?}");
    }
    let mut raw = entered(&probe).await;
    let _ = raw.bytes(&[0xff; 64]).await;
    raw.closed().await;
    unharmed(&mut probe, &bob).await;
}

async fn a_message_over_the_limit_closes_its_connection_only(world: World) {
    let mut probe = world.probe().set("socketio.max_message_size=64KiB").await;
    let bob = bystander(&probe).await;
    let mut raw = entered(&probe).await;
    let text = "x".repeat(100_000);
    let _ = raw.send(1, format!("42/payloads,1[\"text\",\"{text}\"]").as_bytes()).await;
    raw.closed().await;
    let mut raw = entered(&probe).await;
    // announces 2^62 bytes and sends none
    let _ = raw.bytes(&[0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).await;
    raw.closed().await;
    let fits = "x".repeat(60_000);
    assert!(bob.ask("text", json!([fits])).await == json!(fits));
    unharmed(&mut probe, &bob).await;
}

async fn a_polling_body_over_the_limit_harms_nobody(world: World) {
    let mut probe = world.probe().set("socketio.max_message_size=64KiB").await;
    let bob = bystander(&probe).await;
    let eve = probe.client("eve").await;
    let opened = eve.get("/socket.io/?EIO=4&transport=polling").await;
    let session: serde_json::Value = serde_json::from_str(opened.text.trim_start_matches('0')).expect("a handshake");
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", session["sid"].as_str().unwrap_or_default());
    assert_eq!(eve.request("POST", &path).body("40/payloads,").await.status, 200);
    let text = "x".repeat(100_000);
    let refused = eve.request("POST", &path).body(&format!("42/payloads,1[\"text\",\"{text}\"]")).await;
    assert!((400..500).contains(&refused.status), "{refused:?}");
    for wrong in ["/socket.io/", "/socket.io/?EIO=3&transport=polling", "/socket.io/?EIO=4&transport=polling&sid=x"] {
        let refused = eve.get(wrong).await;
        assert!((400..500).contains(&refused.status), "{wrong}: {refused:?}");
    }
    unharmed(&mut probe, &bob).await;
}

async fn an_event_name_with_a_quote_closes_its_connection_only(world: World) {
    let mut probe = world.probe().await;
    let bob = bystander(&probe).await;
    let eve = probe.client("eve").await;
    for name in ["te\"xt", "te\\xt", "\"", "\",\"x\":["] {
        let socket = eve.connect("/payloads").await;
        socket.emit(name, json!(["hello"])).await;
        socket.gone().await;
    }
    unharmed(&mut probe, &bob).await;
}

async fn attachments_that_never_come_harm_nobody(world: World) {
    let mut probe = world.probe().await;
    let bob = bystander(&probe).await;
    let mut raw = entered(&probe).await;
    raw.text(r#"453-/payloads,1["bytes",{"_placeholder":true,"num":0}]"#).await;
    raw.send(2, &[1]).await.expect("the connection is open");
    // the next packet comes too early
    raw.text(r#"42/payloads,2["text","early"]"#).await;
    let mut raw = entered(&probe).await;
    raw.text(r#"451-/payloads,1["bytes",{"_placeholder":true,"num":7}]"#).await;
    raw.send(2, &[1]).await.expect("the connection is open");
    unharmed(&mut probe, &bob).await;
}

async fn a_thousand_quick_connections_harm_nobody(world: World) {
    let mut probe = world.probe().set("server.max_connections_per_address=2000").await;
    let bob = bystander(&probe).await;
    for round in 0..20 {
        let connections = (0..50).map(|number| quick(probe.address(), (round + number) % 4));
        join_all(connections).await;
        assert_eq!(bob.ask("text", json!(["still"])).await, json!("still"));
    }
    unharmed(&mut probe, &bob).await;
    let reader = probe.client("bob").await.connect("/life").await;
    lambdio_tests::eventually("nobody of them is left", async || {
        (reader.ask("count", json!(["everybody"])).await == json!(1)).then_some(())
    })
    .await;
}

/// Connects, goes some way, and is cut off.
async fn quick(address: &str, way: u32) {
    if way == 0 {
        drop(TcpStream::connect(address).await);
        return;
    }
    let mut raw = RawConnection::try_open(address).await.expect("the server takes connections");
    if way > 1 {
        let _ = raw.send(1, b"40/life,").await;
    }
    if way > 2 {
        raw.next_text("40/life,").await;
        let _ = raw.send(1, b"42/life,1[\"work\",6]").await;
    }
}

async fn half_a_request_harms_nobody(world: World) {
    let mut probe = world.probe().await;
    let bob = bystander(&probe).await;
    let mut open = Vec::new();
    for half in [
        &b"GET /socket.io/?EIO=4&trans"[..],
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST /errors/cart HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0\0\0\0",
    ] {
        let mut stream = TcpStream::connect(probe.address()).await.expect("the server takes connections");
        stream.write_all(half).await.expect("the server reads");
        open.push(stream);
    }
    unharmed(&mut probe, &bob).await;
}

async fn an_event_before_connect_is_not_served(world: World) {
    let mut probe = world.probe().await;
    let bob = bystander(&probe).await;
    let mut raw = probe.raw().await;
    raw.text(r#"42/guarded,1["fine"]"#).await;
    raw.closed().await;
    unharmed(&mut probe, &bob).await;
}

async fn a_client_that_does_not_read_is_cut_off(world: World) {
    let mut probe = world.probe().set("server.write_stall_timeout=300ms").set("events.queue_size=256MiB").await;
    let bob = bystander(&probe).await;
    let mut raw = entered(&probe).await;
    raw.text("40/life,").await;
    raw.next_text("40/life,").await;
    let event = format!("42/payloads,7[\"text\",\"{}\"]", "x".repeat(60_000));
    // more answers than the network holds; none is read, and at some point nobody takes any more
    let flood = async {
        for _ in 0..1_000 {
            if raw.send(1, event.as_bytes()).await.is_err() {
                break;
            }
        }
    };
    let (line, ()) = futures_util::join!(probe.log_contains("client left"), flood);
    assert!(line.contains("namespace=/life "), "{line}");
    unharmed(&mut probe, &bob).await;
}

async fn namespaces_that_there_are_not_leave_nothing_behind(world: World) {
    let mut probe = world.probe().set("log.level=info").await;
    let bob = bystander(&probe).await;
    let mut raw = entered(&probe).await;
    let long = "x".repeat(4_000);
    let mut ask = async |numbers: Range<usize>| {
        for number in numbers {
            raw.text(&format!("40/{long}/{number},")).await;
            let answer = raw.next_text("44/").await;
            assert_eq!(answer, format!("44/{long}/{number},{{\"message\":\"Invalid namespace\"}}"));
        }
    };
    ask(0..500).await;
    let before = probe.metrics().await.sum("process_resident_memory_bytes", &[]);
    ask(500..5_500).await;
    let after = probe.metrics().await;
    let grown = after.sum("process_resident_memory_bytes", &[]) - before;
    assert!(grown < 10_000_000.0, "{grown} bytes for 5 000 names of 4 kB");
    let unknown = [("namespace", "(unknown)"), ("outcome", "not_found")];
    assert!((after.sum("lambdio_connects_total", &unknown) - 5_500.0).abs() < 0.5, "{}", after.text());
    unharmed(&mut probe, &bob).await;
}
