//! What the log tells, of whom, and in which form.

use super::{
    listener::{tcp, until_closed},
    refused_bodies::answer_to_half,
};
use lambdio_tests::{Program, Server, Signal, World, eventually, trials};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{io::AsyncWriteExt, time::sleep};

trials![
    each_invocation_has_one_record,
    a_namespace_that_there_is_not_has_a_record_with_the_nearest,
    a_request_has_a_record_with_its_route_and_status,
    a_record_says_who_was_logged_in,
    a_record_says_how_long_an_event_waited_and_ran,
    what_an_author_logs_carries_the_invocation,
    what_an_author_logs_where_it_blocks_carries_the_invocation_too,
    a_panic_is_one_line_with_its_invocation,
    values_of_hidden_fields_are_not_told,
    what_is_hidden_is_a_setting,
    what_clients_say_stays_on_its_line,
    a_share_of_what_was_served_is_told_louder,
    a_slow_invocation_is_warned_of_once,
    a_body_that_comes_slowly_is_not_the_handler_s_fault,
    a_blocked_thread_is_warned_of_while_it_is_blocked,
    a_blocking_handler_and_one_that_waits_block_nobody,
    a_handler_has_a_level_of_its_own,
    a_handler_is_silenced,
    every_answer_has_a_request_id,
    a_trusted_proxy_names_requests_and_others_do_not,
    one_id_leads_from_the_request_to_the_events_of_its_socket,
    a_log_that_nobody_reads_stops_nobody,
    text_is_aligned_and_names_come_with_values,
];

fn in_json(world: &World) -> Program {
    world.probe().set("log.format=json").set("log.level=info,lambdio=debug,probe=debug")
}

/// The line of a log in JSON that fits.
async fn line(server: &Server, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    eventually(what, async || lines(server).into_iter().find(&fits)).await
}

/// All lines of a log in JSON.
fn lines(server: &Server) -> Vec<Value> {
    let parse = |line: String| serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    server.log().lines().into_iter().map(parse).collect()
}

/// The record of an event that was served.
async fn served(server: &Server, event: &str) -> Value {
    line(server, "the record", |line| line["message"] == "served" && line["event"] == event).await
}

async fn each_invocation_has_one_record(world: World) {
    let server = in_json(&world).set("log.slow_invocation=1h").await;
    let socket = server.client("ada").await.connect("/life").query(json!({ "client": "ada" })).await;
    let id = socket.ask("my_id", json!([])).await;
    let record = served(&server, "my_id").await;
    assert_eq!(record["level"], "DEBUG");
    assert_eq!(record["namespace"], "/life");
    assert_eq!(record["outcome"], "ok");
    assert_eq!(record["socket"], id);
    for field in ["duration_ms", "queue_ms"] {
        assert!(record[field].as_f64().is_some_and(|time| (0.0..10_000.0).contains(&time)), "{record}");
    }
    assert!(record["target"].as_str().is_some_and(|target| target.starts_with("lambdio::")), "{record}");
    assert!(record["timestamp"].as_str().is_some_and(|time| time.ends_with('Z') && time.contains('T')), "{record}");
    assert_eq!(record.get("user"), None, "nobody is logged in");

    socket.emit_with_ack("fail", json!([])).await;
    let failed = line(&server, "the failure", |line| line["message"] == "failed").await;
    assert_eq!(
        (&failed["level"], &failed["event"], &failed["outcome"]),
        (&json!("ERROR"), &json!("fail"), &json!("internal"))
    );
    assert_eq!(failed["cause"], "the handler panicked: on purpose");
    socket.emit_with_ack("nobody serves this", json!([])).await;
    let refused = line(&server, "the refusal", |line| line["message"] == "refused").await;
    assert_eq!((&refused["event"], &refused["outcome"]), (&json!("nobody serves this"), &json!("unknown_event")));

    socket.close().await;
    served(&server, "disconnect").await;
    let counts = |event: &str| {
        lines(&server).iter().filter(|line| line["event"] == event && line.get("outcome").is_some()).count()
    };
    assert_eq!(["my_id", "fail", "disconnect"].map(counts), [1, 1, 1]);
    assert_eq!(counts("connect"), 2, "let in, and the connect handler");
    let mut names: Vec<_> = lines(&server)
        .iter()
        .filter(|line| line["outcome"] == "ok")
        .map(|line| line["invocation"].to_string())
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "each has a name of its own");
}

async fn a_namespace_that_there_is_not_has_a_record_with_the_nearest(world: World) {
    let server = in_json(&world).await;
    let ada = server.client("ada").await;
    for (asked, told, nearest) in [
        ("/lief", "/lief", Some("/life")),
        ("/life/", "/life/", Some("/life")),
        ("/", "/", None),
        ("/nothing/like/it", "/nothing/like/it", None),
    ] {
        let refusal = ada.connect(asked).refused().await;
        assert_eq!(refusal.message, "Invalid namespace", "what clients of Socket.IO know");
        let record = line(&server, "the refusal", |line| line["namespace"] == told).await;
        assert_eq!(
            (&record["message"], &record["event"], &record["outcome"], &record["level"]),
            (&json!("refused"), &json!("connect"), &json!("not_found"), &json!("DEBUG"))
        );
        let cause = nearest.map(|nearest| format!("there is no such namespace; the nearest is {nearest}"));
        assert_eq!(record.get("cause"), cause.map(Value::from).as_ref(), "{asked}");
        assert!(record["request"].is_string() && record["invocation"].is_string(), "{record}");
    }
}

async fn a_request_has_a_record_with_its_route_and_status(world: World) {
    let server = in_json(&world).await;
    let ada = server.client("ada").await;
    ada.get("/errors/edit/1").await;
    let record = line(&server, "the record", |line| line["route"] == "/errors/edit/{document}").await;
    assert_eq!(
        (&record["method"], &record["status"], &record["message"]),
        (&json!("GET"), &json!(200), &json!("served"))
    );
    let missing = ada.get("/nowhere/at/all?token=a-secret-query").await;
    let record = line(&server, "the record", |line| line["path"] == "/nowhere/at/all").await;
    assert_eq!((&record["outcome"], &record["invocation"]), (&json!("not_found"), &missing.json["error"]["id"]));
    assert!(server.log().lines().iter().all(|line| !line.contains("a-secret-query")));
}

async fn a_record_says_who_was_logged_in(world: World) {
    let program = world.example("policies").with_database().set("auth.accounts.bcrypt_cost=4");
    let server = program.set("log.format=json").set("log.level=info,lambdio=debug").await;
    let (ada, id) = server.registered("Ada").await;
    let socket = ada.connect("/lounge").await;
    assert_eq!(socket.ask("vote", json!([7])).await, 7);
    socket.ask_error("vote", json!(["seven"])).await;
    // a handler that asks for nobody
    assert_eq!(socket.ask("read", json!([])).await, "the news");
    assert_eq!(ada.post("/votes", json!(7)).await.status, 200);
    assert_eq!(ada.post("/votes", json!("seven")).await.status, 400);
    assert_eq!(ada.post("/signatures", json!("yours")).await.status, 200);
    for (message, name, value) in [
        ("let in", "event", "connect"),
        ("served", "event", "connect"),
        ("served", "event", "vote"),
        ("refused", "event", "vote"),
        ("served", "event", "read"),
        ("served", "route", "/votes"),
        ("refused", "route", "/votes"),
        ("served", "route", "/signatures"),
    ] {
        let is_it = |line: &Value| line["message"] == message && line[name] == value;
        let record = line(&server, &format!("{value} is {message}"), is_it).await;
        assert_eq!(record["user"], id, "{record}");
    }

    let guest = server.client("guest").await.connect("/lounge").await;
    guest.ask_error("wipe", json!([])).await;
    let refused = line(&server, "the refusal", |line| line["event"] == "wipe").await;
    assert_eq!((&refused["outcome"], refused.get("user")), (&json!("unauthenticated"), None), "{refused}");
}

async fn a_record_says_how_long_an_event_waited_and_ran(world: World) {
    let server = in_json(&world).await;
    let socket = server.client("ada").await.connect("/logs").await;
    // in one go, so that the second one waits for the first, by far more than is asked for below
    socket.burst("wait", vec![json!([600]), json!([0])]).await;
    let is_record = |line: &Value| line["message"] == "served" && line["event"] == "wait";
    let records = eventually("both records", async || {
        let records: Vec<Value> = lines(&server).into_iter().filter(is_record).collect();
        (records.len() == 2).then_some(records)
    })
    .await;
    let milliseconds = |record: &Value, field: &str| record[field].as_f64().expect("a number");
    assert!(milliseconds(&records[0], "duration_ms") >= 600.0, "{}", records[0]);
    assert!(milliseconds(&records[1], "queue_ms") >= 250.0, "{}", records[1]);
}

async fn what_an_author_logs_carries_the_invocation(world: World) {
    let server = in_json(&world).await;
    let socket = server.client("ada").await.connect("/logs").await;
    socket.ask("say", json!(["hello"])).await;
    let record = served(&server, "say").await;
    let said = line(&server, "what was said", |line| line["message"] == "said hello").await;
    for name in ["invocation", "namespace", "event", "socket", "request"] {
        assert_eq!(said[name], record[name], "{name}");
    }
    assert_eq!((&said["event_"], &said["order"], &said["spans"]), (&json!("mine"), &json!(7), &json!("outer")));

    socket.ask("whatever", json!([])).await;
    let anything = line(&server, "the catch-all", |line| line["message"] == "anything").await;
    assert_eq!(anything["event"], "whatever", "as its client called it");

    server.client("ada").await.get("/logs/say").await;
    let said = line(&server, "what was said", |line| line["message"] == "said over HTTP").await;
    assert_eq!((&said["method"], &said["route"]), (&json!("GET"), &json!("/logs/say")));

    socket.ask("murmur", json!([])).await;
    let again = line(&server, "after a while", |line| line["message"] == "murmured again").await;
    assert_eq!(again["invocation"], served(&server, "murmur").await["invocation"]);
}

async fn what_an_author_logs_where_it_blocks_carries_the_invocation_too(world: World) {
    let server = in_json(&world).await;
    let socket = server.client("ada").await.connect("/logs").await;
    socket.ask("block_apart", json!([0])).await;
    let apart = line(&server, "what was said", |line| line["message"] == "blocked apart").await;
    assert_eq!(apart["invocation"], served(&server, "block_apart").await["invocation"]);
}

async fn a_panic_is_one_line_with_its_invocation(world: World) {
    let server = in_json(&world).await;
    let socket = server.client("ada").await.connect("/logs").await;
    let answer = socket.emit_with_ack("panic", json!([])).await;
    let panicked = line(&server, "the panic", |line| line["message"] == "panicked").await;
    assert_eq!(panicked["panic"], "on purpose,\non two lines");
    assert_eq!((&panicked["event"], &panicked["invocation"]), (&json!("panic"), &answer[0]["error"]["id"]));
    assert!(panicked["at"].as_str().is_some_and(|place| place.contains("logs.rs:")), "{panicked}");
}

async fn values_of_hidden_fields_are_not_told(world: World) {
    for format in ["text", "json"] {
        let server = world.probe().set(&format!("log.format={format}")).await;
        let socket = server.client("ada").await.connect("/logs").await;
        socket.ask("say", json!(["hello"])).await;
        let said = server.log_contains("said hello").await;
        assert!(!said.contains("hunter2"), "{said}");
        assert_eq!(said.matches("[redacted]").count(), 3, "{said}");
        let count = if format == "text" { "passwords=2" } else { "\"passwords\":2" };
        assert!(said.contains(count), "{said}");
    }
}

async fn what_is_hidden_is_a_setting(world: World) {
    let server = in_json(&world).set("log.redact=[\"ORDER\", \"passwords\"]").await;
    let socket = server.client("ada").await.connect("/logs").await;
    socket.ask("say", json!(["hello"])).await;
    let said = line(&server, "what was said", |line| line["message"] == "said hello").await;
    assert_eq!((&said["order"], &said["passwords"]), (&json!("[redacted]"), &json!("[redacted]")));
    assert_eq!(said["password"], "hunter2-as-a-field");
}

async fn what_clients_say_stays_on_its_line(world: World) {
    let unseen = ['\u{61c}', '\u{200b}', '\u{200e}', '\u{202e}', '\u{2028}', '\u{2066}', '\u{feff}', '\u{e0041}'];
    let forged = format!("a\nERROR forged\r\n\u{1b}[2J\u{85}ERROR forged{}", String::from_iter(unseen));
    for format in ["text", "json"] {
        let server = world.probe().set(&format!("log.format={format}")).await;
        let socket = server.client("ada").await.connect("/logs").await;
        socket.ask("say", json!([forged])).await;
        let said = server.log_contains("said a").await;
        assert_eq!(said.matches("forged").count(), 4, "message and field, with all they have: {said}");
        assert!(!said.contains(['\u{1b}', '\u{85}', '\r']) && !said.contains(unseen), "{said}");
        if format == "json" {
            let said: Value = serde_json::from_str(&said).expect("one object");
            assert_eq!(said["message_of_client"], forged, "and nothing of it is lost");
        }
    }
}

async fn a_share_of_what_was_served_is_told_louder(world: World) {
    let count = async |share: &str| {
        let server = in_json(&world).set("log.level=info").set(&format!("log.sample_served={share}")).await;
        let socket = server.client("ada").await.connect("/logs").await;
        for _ in 0..100 {
            socket.ask("wait", json!([0])).await;
        }
        // what was told before this, is there when this is
        socket.ask("say", json!(["the end"])).await;
        server.log_contains("said the end").await;
        lines(&server).iter().filter(|line| line["event"] == "wait" && line["level"] == "INFO").count()
    };
    assert_eq!(count("0.0").await, 0);
    assert_eq!(count("1").await, 100);
    assert!((18..=22).contains(&count("0.2").await));
}

async fn a_slow_invocation_is_warned_of_once(world: World) {
    let server = in_json(&world).set("log.slow_invocation=50ms").await;
    let socket = server.client("ada").await.connect("/logs").await;
    for _ in 0..3 {
        socket.ask("wait", json!([60])).await;
    }
    socket.ask("wait", json!([0])).await;
    let slow = line(&server, "the warning", |line| line["level"] == "WARN" && line["event"] == "wait").await;
    assert!(slow["message"].as_str().is_some_and(|message| message.contains("log.slow_invocation")), "{slow}");
    assert!(slow["duration_ms"].as_f64().is_some_and(|time| time >= 50.0), "{slow}");
    let is_record = |line: &&Value| line["message"] == "served" && line["event"] == "wait";
    eventually("all records", async || (lines(&server).iter().filter(is_record).count() == 4).then_some(())).await;
    let warned = lines(&server).iter().filter(|line| line["message"] == slow["message"]).count();
    assert_eq!(warned, 1, "once in ten seconds");
}

async fn a_body_that_comes_slowly_is_not_the_handler_s_fault(world: World) {
    let server = in_json(&world).set("log.slow_invocation=500ms").set("server.body_timeout=2s").await;
    let milliseconds = |record: &Value, field: &str| record[field].as_f64().expect("a number");

    let late = answer_to_half(&server, "/errors/cart", "{").await;
    assert!(late.starts_with("HTTP/1.1 408 "), "{late}");
    let given_up = line(&server, "the record", |line| line["outcome"] == "body_timeout").await;
    assert!(milliseconds(&given_up, "body_ms") >= 1_900.0, "{given_up}");

    let mut stream = tcp(&server).await;
    let head = "POST /limits/short HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n";
    for (part, pause) in [(head, 0), ("Content-Length: 3\r\n\r\n\"", 1_000), ("x\"", 0)] {
        stream.write_all(part.as_bytes()).await.expect("the server reads");
        // it is time that is measured
        sleep(Duration::from_millis(pause)).await;
    }
    assert!(until_closed(&mut stream).await.starts_with("HTTP/1.1 200 "));
    let is_record = |line: &Value| line["route"] == "/limits/short" && line["message"] == "served";
    let record = line(&server, "the record", is_record).await;
    assert!(milliseconds(&record, "body_ms") >= 500.0, "{record}");
    assert!(milliseconds(&record, "duration_ms") >= milliseconds(&record, "body_ms"), "{record}");
    let is_slow =
        |line: &Value| line["message"].as_str().is_some_and(|message| message.contains("log.slow_invocation"));
    assert!(!lines(&server).iter().any(is_slow), "{:#?}", lines(&server));
}

async fn a_blocked_thread_is_warned_of_while_it_is_blocked(world: World) {
    let server = in_json(&world).set("log.blocked_thread=100ms").await;
    let socket = server.client("ada").await.connect("/logs").await;
    socket.emit("block", json!([5000])).await;
    let warned = line(&server, "the warning", |line| line["level"] == "WARN" && line["event"] == "block").await;
    assert!(
        lines(&server).iter().all(|line| line["event"] != "block" || line["message"] != "served"),
        "it blocks still"
    );
    assert!(warned["message"].as_str().is_some_and(|message| message.contains("`blocking`")), "{warned}");
    assert_eq!(warned["namespace"], "/logs");
    assert!(warned["blocked_ms"].as_u64().is_some_and(|time| (100..5000).contains(&time)), "{warned}");
    assert_eq!(warned["invocation"], served(&server, "block").await["invocation"]);
}

async fn a_blocking_handler_and_one_that_waits_block_nobody(world: World) {
    let server = in_json(&world).set("log.blocked_thread=100ms").await;
    let socket = server.client("ada").await.connect("/logs").await;
    for event in ["block_apart", "wait"] {
        socket.ask(event, json!([500])).await;
        served(&server, event).await;
    }
    let warned: Vec<_> = lines(&server).into_iter().filter(|line| line.get("blocked_ms").is_some()).collect();
    assert!(warned.iter().all(|line| line["event"] != "block_apart" && line["event"] != "wait"), "{warned:?}");
}

async fn a_handler_has_a_level_of_its_own(world: World) {
    let loud = in_json(&world).set("log.level=error").set("handlers.\"/logs\".murmur.log_level=debug");
    let server = loud.set("routes.\"GET /logs/say\".log_level=info").await;
    let client = server.client("ada").await;
    let socket = client.connect("/logs").await;
    socket.ask("mutter", json!([])).await;
    socket.ask("say", json!(["nothing"])).await;
    client.get("/logs/say").await;
    socket.ask("murmur", json!([])).await;
    served(&server, "murmur").await;
    let told: Vec<_> = lines(&server).iter().map(|line| line["message"].clone()).collect();
    assert_eq!(told, ["said over HTTP", "murmured", "murmured again", "served"]);
}

async fn a_handler_is_silenced(world: World) {
    let server = in_json(&world).set("handlers.\"/logs\".panic.log_level=off").await;
    let socket = server.client("ada").await.connect("/logs").await;
    socket.emit_with_ack("panic", json!([])).await;
    socket.ask("murmur", json!([])).await;
    served(&server, "murmur").await;
    assert!(lines(&server).iter().all(|line| line["event"] != "panic"));
}

async fn every_answer_has_a_request_id(world: World) {
    let server = in_json(&world).set("socketio.origins=[\"https://friend.example\"]").await;
    let client = server.client("ada").await;
    let mut seen = Vec::new();
    for (method, path, headers, status) in [
        ("GET", "/logs/say", vec![], 200),
        ("GET", "/logs/fail", vec![], 500),
        ("GET", "/nowhere", vec![], 404),
        ("DELETE", "/logs/say", vec![], 405),
        ("POST", "/errors/cart", vec![("origin", "https://evil.example")], 403),
        ("GET", "/socket.io/?EIO=4&transport=polling", vec![], 200),
        ("GET", "/socket.io/?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAA", vec![], 400),
        ("GET", "/logs/say", vec![("origin", "https://friend.example")], 200),
        (
            "OPTIONS",
            "/logs/say",
            vec![("origin", "https://friend.example"), ("access-control-request-method", "GET")],
            204,
        ),
    ] {
        let request = client.request(method, path);
        let answer = headers.iter().fold(request, |request, (name, value)| request.header(name, value)).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
        let id = answer.headers.get("x-request-id").unwrap_or_else(|| panic!("{method} {path} has none")).clone();
        if status >= 400 && path != "/socket.io/?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAA" {
            assert_eq!(answer.json["error"]["id"], id, "{method} {path}");
        }
        if headers.contains(&("origin", "https://friend.example")) && status == 200 {
            let exposed = answer.headers.get("access-control-expose-headers").cloned().unwrap_or_default();
            assert!(exposed.contains("x-request-id"), "{exposed}");
        }
        seen.push(id);
    }
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), all, "each has an id of its own");
}

async fn a_trusted_proxy_names_requests_and_others_do_not(world: World) {
    for (trusted, given, taken) in [
        ("[]", "from-nginx-1", false),
        ("[\"127.0.0.1\"]", "from-nginx-1", true),
        ("[\"127.0.0.1\"]", "two words", false),
        ("[\"127.0.0.1\"]", "\"quoted\"", false),
        ("[\"127.0.0.1\"]", "0123456789012345678901234567890123456789012345678901234567890123456789", false),
    ] {
        let server = in_json(&world).set(&format!("server.trusted_proxies={trusted}")).await;
        let answer = server.client("ada").await.get("/logs/say").header("x-request-id", given).await;
        let id = answer.headers["x-request-id"].clone();
        assert_eq!(id == given, taken, "{trusted} {given}: {id}");
        let said = line(&server, "what was said", |line| line["message"] == "said over HTTP").await;
        assert_eq!(said["request"], id);
        assert_eq!(said["invocation"] == id, !taken);
    }
}

async fn one_id_leads_from_the_request_to_the_events_of_its_socket(world: World) {
    let server = in_json(&world).set("server.trusted_proxies=[\"127.0.0.1\"]").await;
    let client = server.client("ada").await;
    let socket = client.connect("/logs").headers(json!({ "x-request-id": "handshake-7" })).await;
    socket.ask("murmur", json!([])).await;
    served(&server, "murmur").await;
    let of_request = |message: &str| {
        let found =
            lines(&server).into_iter().find(|line| line["message"] == message && line["request"] == "handshake-7");
        found.unwrap_or_else(|| panic!("{message}: {:#?}", lines(&server)))
    };
    assert_eq!(of_request("answered")["status"], 101);
    assert_eq!(of_request("let in")["event"], "connect");
    assert_eq!(of_request("served")["event"], "murmur");
    assert_eq!(of_request("murmured")["event"], "murmur");
}

async fn a_log_that_nobody_reads_stops_nobody(world: World) {
    for program in [world.probe().with_unread_log(), world.probe().with_closed_log()] {
        let mut server = program.set("events.queue_size=2MiB").await;
        let socket = server.client("ada").await.connect("/logs").await;
        // twice what may wait, and far more than a pipe holds
        let long = "x".repeat(10_000);
        for _ in 0..1_000 {
            socket.ask("say", json!([long])).await;
        }
        server.signal(Signal::TERM);
        assert_eq!(server.wait_exit().await, Some(0));
    }
}

async fn text_is_aligned_and_names_come_with_values(world: World) {
    let server = world.probe().await;
    let socket = server.client("ada").await.connect("/logs").await;
    socket.ask("two words", json!([])).await;
    let record = server.log().line_with(["served", "event=\"two words\""]).await;
    assert!(record.contains(" namespace=/logs ") && record.contains(" outcome=ok "), "{record}");
    // 12:00:00.000Z DEBUG lambdio::records     served
    let (time, rest) = record.split_at("12:00:00.000Z ".len());
    assert!(time.ends_with("Z ") && time.matches(':').count() == 2, "{record}");
    assert!(rest.starts_with("DEBUG lambdio::records     served "), "{record}");
    let anything = server.log().line_with(["anything"]).await;
    assert!(anything.contains("Z INFO  probe::logs          anything "), "{anything}");
}
