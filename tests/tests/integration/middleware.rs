//! What stands around handlers: middleware, guards, rules, catch-alls; and handlers that block.

use lambdio_tests::{Server, Signal, Socket, World, eventually, trials};
use serde_json::{Value, json};

trials![
    middleware_stands_around_a_handler_in_order,
    a_middleware_refuses_or_answers_in_place_of_the_handler,
    a_middleware_sees_what_went_wrong_inside,
    a_failing_middleware_is_answered_once_and_tells_no_secrets,
    a_value_that_nobody_attached_is_named_in_the_log,
    a_deadline_holds_for_the_whole_chain,
    what_nobody_serves_goes_to_the_catch_all,
    a_catch_all_has_settings_of_its_own,
    a_guard_refuses_before_the_handler_runs,
    a_guard_serves_routes_too,
    what_breaks_a_rule_is_told_with_its_path,
    blocking_handlers_run_so_many_at_a_time,
    a_blocking_handler_that_overruns_is_answered_and_keeps_its_thread,
    a_blocking_handler_that_panics_is_internal,
    a_shutdown_waits_for_a_blocking_handler,
    the_list_of_handlers_shows_each_chain,
    contradictions_between_middleware_are_told_at_the_start,
];

async fn around(probe: &Server) -> Socket {
    probe.client("ada").await.connect("/around").await
}

async fn middleware_stands_around_a_handler_in_order(world: World) {
    let probe = world.probe().await;
    assert_eq!(around(&probe).await.ask("trail", json!([])).await, json!(["outer", "inner"]));
}

async fn a_middleware_refuses_or_answers_in_place_of_the_handler(world: World) {
    let probe = world.probe().await;
    let socket = around(&probe).await;
    assert_eq!(socket.ask_error("forbidden", json!([])).await.code, "forbidden");
    assert_eq!(socket.ask("instead", json!(["a", "b"])).await, json!({ "instead": 2 }));
    assert_eq!(socket.emit_with_ack("instead_spread", json!([])).await, json!([1, 2]));
    socket.emit("forbidden", json!([])).await;
    let (event, error) = socket.next_exception().await;
    assert_eq!((event, error.code.as_str()), (json!("forbidden"), "forbidden"));
}

async fn a_middleware_sees_what_went_wrong_inside(world: World) {
    let probe = world.probe().await;
    assert_eq!(around(&probe).await.ask("calmed", json!([])).await, json!("unavailable"));
}

async fn a_failing_middleware_is_answered_once_and_tells_no_secrets(world: World) {
    let probe = world.probe().await;
    let socket = around(&probe).await;
    for event in ["explode", "secret"] {
        let error = socket.ask_error(event, json!([])).await;
        assert_eq!(error.code, "internal");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        assert!(probe.log_contains(&error.id).await.contains("hunter2"), "the log has the cause");
    }
    assert_eq!(socket.ask("trail", json!([])).await, json!(["outer", "inner"]));
}

async fn a_value_that_nobody_attached_is_named_in_the_log(world: World) {
    let probe = world.probe().await;
    let error = around(&probe).await.ask_error("missing", json!([])).await;
    assert_eq!(error.code, "internal");
    let line = probe.log_contains(&error.id).await;
    assert!(line.contains("no middleware has attached a `core::time::Duration`"), "{line}");
}

async fn a_deadline_holds_for_the_whole_chain(world: World) {
    let probe = world.probe().await;
    assert_eq!(around(&probe).await.ask_error("slow", json!([])).await.code, "timeout");
}

async fn what_nobody_serves_goes_to_the_catch_all(world: World) {
    let probe = world.probe().set("handlers.\"/around\".switched_off.enabled=false").await;
    let socket = around(&probe).await;
    for event in ["something", "something else", "*"] {
        let answer = json!({ "event": event, "args": [1, "two"], "trail": ["outer", "inner"] });
        assert_eq!(socket.ask(event, json!([1, "two"])).await, answer);
    }
    assert_eq!(socket.ask("any", json!([])).await, json!("its own"));
    assert_eq!(socket.ask_error("switched_off", json!([])).await.code, "disabled");
}

async fn a_catch_all_has_settings_of_its_own(world: World) {
    let probe = world.probe().set("handlers.\"/around\".\"*\".enabled=false").await;
    let socket = around(&probe).await;
    assert_eq!(socket.ask_error("something", json!([])).await.code, "disabled");
    assert_eq!(socket.ask("any", json!([])).await, json!("its own"));
    let ended = world.probe().set("handlers.\"/errors\".\"*\".enabled=false").run().await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("there is no catch-all"), "{}", ended.stderr);
}

async fn a_guard_refuses_before_the_handler_runs(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let socket = ada.connect("/around").await;
    let error = socket.ask_error("edit", json!([{ "title": "xyz" }])).await;
    assert_eq!((error.code.as_str(), error.message.as_str()), ("not_editable", "xyz is not for you"));
    let error = socket.ask_error("edit", json!([{ "title": "broken" }])).await;
    assert_eq!(error.code, "internal");
    assert!(probe.log_contains(&error.id).await.contains("hunter2"));
    // the handler's own extraction comes first
    assert_eq!(socket.ask_error("edit", json!([{ "title": "" }])).await.code, "invalid_payload");
    assert_eq!(ada.get("/around/edits").await.json, 0, "no handler has run");
    assert_eq!(socket.ask("edit", json!([{ "title": "abc" }])).await, json!(3));
    assert_eq!(ada.get("/around/edits").await.json, 1);
}

async fn a_guard_serves_routes_too(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let refused = ada.post("/around/edit", json!({ "title": "xyz" })).await;
    assert_eq!((refused.status, &refused.json["error"]["code"]), (403, &json!("not_editable")));
    assert_eq!(ada.get("/around/edits").await.json, 0);
    assert_eq!(ada.post("/around/edit", json!({ "title": "abc" })).await.json, 3);
}

async fn what_breaks_a_rule_is_told_with_its_path(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await;
    let socket = ada.connect("/around").await;
    let error = socket.ask_error("edit", json!([{ "title": "a", "parts": [{ "size": 1 }, { "size": 11 }] }])).await;
    assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!("[0].parts[1].size")));
    assert_eq!((&error.details["reason"], &error.details["more"]), (&json!("greater than 10"), &Value::Null));
    let error = socket.ask_error("edit", json!([{ "title": "far too long", "parts": [{ "size": 0 }] }])).await;
    assert_eq!(error.details["path"], "[0].parts[0].size");
    assert_eq!(error.details["more"], json!([{ "path": "[0].title", "reason": "length is greater than 8" }]));
    let error = socket.ask_error("edit", json!([{ "title": 5 }])).await;
    assert_eq!(error.details["path"], "[0].title", "what does not fit is told as ever");
    let refused = ada.post("/around/edit", json!({ "title": "" })).await;
    assert_eq!((refused.status, &refused.json["error"]["details"]["path"]), (400, &json!("title")));
}

async fn blocking_handlers_run_so_many_at_a_time(world: World) {
    let probe = world.probe().set("events.blocking_threads=2").await;
    let ada = probe.client("ada").await;
    let mut answers = Vec::new();
    for _ in 0..6 {
        let socket = ada.connect("/blocking").await;
        answers.push(async move { socket.ask("work", json!([150])).await });
    }
    assert_eq!(futures_util::future::join_all(answers).await, vec![json!(150); 6]);
    assert_eq!(ada.get("/blocking").await.json, json!([0, 2]), "two at a time, and both threads were used");
}

async fn a_blocking_handler_that_overruns_is_answered_and_keeps_its_thread(world: World) {
    let probe = world.probe().set("events.blocking_threads=1").await;
    let ada = probe.client("ada").await;
    let socket = ada.connect("/blocking").await;
    assert_eq!(socket.ask_error("overrun", json!([4000])).await.code, "timeout");
    assert_eq!(ada.get("/blocking").await.json[0], 1, "it still runs");
    assert_eq!(socket.ask_error("overrun", json!([0])).await.code, "timeout", "no thread is free meanwhile");
    assert_eq!(ada.get("/blocking").await.json[0], 1);
    assert_eq!(socket.ask("work", json!([1])).await, json!(1), "its thread is free again");
}

async fn a_blocking_handler_that_panics_is_internal(world: World) {
    let probe = world.probe().set("events.blocking_threads=1").await;
    let socket = probe.client("ada").await.connect("/blocking").await;
    let error = socket.ask_error("explode", json!([])).await;
    assert_eq!(error.code, "internal");
    assert!(probe.log_contains(&error.id).await.contains("hunter2"));
    assert_eq!(socket.ask("work", json!([1])).await, json!(1));
}

async fn a_shutdown_waits_for_a_blocking_handler(world: World) {
    let mut probe = world.probe().await;
    let ada = probe.client("ada").await;
    let socket = ada.connect("/blocking").await;
    socket.emit("overrun", json!([4000])).await;
    eventually("the handler runs", async || (ada.get("/blocking").await.json[0] == 1).then_some(())).await;
    let (_, error) = socket.next_exception().await;
    assert_eq!(error.code, "timeout");
    probe.signal(Signal::TERM);
    assert_eq!(probe.wait_exit().await, Some(0));
    probe.stdout().line_with(["overrun has returned"]).await;
}

async fn the_list_of_handlers_shows_each_chain(world: World) {
    let listed = world.probe().set("handlers.\"/around\".edit.timeout=3s").args(["handlers"]).run().await;
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    let line = |start: &str| listed.stdout.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    let edit = line("/around edit ");
    assert!(edit.ends_with("outer > doorman > inner > guard can_edit > edit, within 3s"), "{edit}");
    assert!(line("/around * ").ends_with("outer > doorman > inner > whatever, within 5s"), "{}", line("/around * "));
    assert!(line("/blocking work ").ends_with("work, within 5s, blocking"), "{}", line("/blocking work "));
    assert!(line("POST /around/edit ").ends_with("guard can_edit > post_edit, within 10s"), "{}", listed.stdout);
    assert!(line("/guarded (enter) ").ends_with("door"), "{}", listed.stdout);

    let listed = world.probe().args(["handlers", "--json"]).run().await;
    let list: Vec<Value> = serde_json::from_str(&listed.stdout).expect("a JSON array");
    let edit = list.iter().find(|line| line["namespace"] == "/around" && line["event"] == "edit").expect("the handler");
    assert_eq!(edit["middleware"], json!(["outer", "doorman", "inner"]));
    assert_eq!(
        (&edit["guard"], &edit["timeout_ms"], &edit["enabled"]),
        (&json!("can_edit"), &json!(10_000), &json!(true))
    );
}

async fn contradictions_between_middleware_are_told_at_the_start(world: World) {
    let ended = world.example("middleware_mistakes").run().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for part in [
        "3 problems",
        "order 7 in the event middleware of /here is given twice",
        "middleware_mistakes.rs:8",
        "middleware_mistakes.rs:13",
        "no handler serves the namespace \"/her\", so this guards nothing; did you mean \"/here\"?",
        "every other event of /here has two handlers",
    ] {
        assert!(ended.stderr.contains(part), "{part:?} is missing in: {}", ended.stderr);
    }
}
