//! `invoke`: one handler, through everything that an event goes through.

use lambdio_tests::{Ended, Program, World, trials};
use mongodb::bson::{Document, doc};
use serde_json::{Value, json};

trials![
    the_answer_is_printed_as_json,
    arguments_may_come_from_standard_input,
    an_error_is_the_one_that_a_client_gets,
    events_that_come_back_are_shown_if_asked_for,
    what_nobody_serves_leads_to_what_somebody_serves,
    what_is_no_json_is_told,
    an_account_may_be_acted_for_in_a_session_that_ends,
    a_route_may_be_called,
];

async fn invoke(program: Program, arguments: &[&str]) -> Ended {
    // a database on a busy machine may take its time
    program.set("mongo.server_selection_timeout=8s").args(["invoke"]).args(arguments.iter().copied()).run().await
}

async fn answer(program: Program, arguments: &[&str]) -> Value {
    let ended = invoke(program, arguments).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).expect("JSON")
}

async fn the_answer_is_printed_as_json(world: World) {
    assert_eq!(answer(world.probe(), &["/payloads", "text", "\"hello\""]).await, json!("hello"));
    assert_eq!(answer(world.probe(), &["/payloads", "unit"]).await, Value::Null);
    let two = ["/errors", "two_arguments", "\"abc\"", "{\"count\": 2}"];
    assert_eq!(answer(world.probe(), &two).await, json!(5));
}

async fn arguments_may_come_from_standard_input(world: World) {
    let program = world.probe().input("\"hello\"\n");
    assert_eq!(answer(program, &["/payloads", "text", "-"]).await, json!("hello"));
}

async fn an_error_is_the_one_that_a_client_gets(world: World) {
    let refused = invoke(world.probe(), &["/payloads", "text", "42"]).await;
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    let error = refused.stderr.lines().find_map(|line| line.strip_prefix("error: ")).expect("an error");
    let error: Value = serde_json::from_str(error).expect("JSON");
    assert_eq!(error["code"], "invalid_payload");
    let late = invoke(world.probe(), &["/errors", "slow"]).await;
    assert!(late.stderr.contains("\"timeout\""), "the handler's own deadline holds: {}", late.stderr);
}

async fn events_that_come_back_are_shown_if_asked_for(world: World) {
    let call = ["/sending", "send", "{\"to\": \"me\", \"text\": \"hello\"}", "--events"];
    let quiet = invoke(world.probe(), &call[..3]).await;
    assert_eq!((quiet.code, quiet.stderr.as_str()), (Some(0), ""));
    let shown = invoke(world.probe(), &call).await;
    assert!(shown.stderr.lines().any(|line| line == "[\"note\",\"hello\"]"), "{}", shown.stderr);
}

async fn what_nobody_serves_leads_to_what_somebody_serves(world: World) {
    for (arguments, parts) in [
        (["/payloads", "txet"], ["\"txet\"", "did you mean \"text\"?"]),
        (["/paylods", "text"], ["\"/paylods\"", "did you mean \"/payloads\"?"]),
    ] {
        let ended = invoke(world.probe(), &arguments).await;
        assert_eq!(ended.code, Some(1));
        assert!(parts.iter().all(|part| ended.stderr.contains(part)), "{}", ended.stderr);
    }
}

async fn what_is_no_json_is_told(world: World) {
    let ended = invoke(world.probe(), &["/payloads", "text", "hello"]).await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("not JSON") && ended.stderr.contains("'\"text\"'"), "{}", ended.stderr);
}

async fn an_account_may_be_acted_for_in_a_session_that_ends(world: World) {
    let documents = || world.documents();
    let added = documents().password("correct horse").args(["accounts", "add", "Ada"]).run().await;
    assert_eq!(added.code, Some(0), "{}", added.stderr);
    let create = ["/documents", "create", "{\"title\": \"Plan\"}", "--as", "ada"];
    assert_eq!(answer(documents(), &create).await["title"], "Plan");
    let list = answer(documents(), &["/documents", "list", "--as", "ada"]).await;
    assert!(list.to_string().contains("Plan"), "{list}");
    let accounts = world.database().await.handle.collection::<Document>("lambdio_accounts");
    let ada = accounts.find_one(doc! { "name": "Ada" }).await.expect("an answer").expect("an account");
    assert_eq!(ada.get_array("sessions").expect("sessions").len(), 0);

    let guest = invoke(documents(), &create[..3]).await;
    assert!(guest.stderr.contains("unauthenticated"), "{}", guest.stderr);
    let nobody = invoke(documents(), &["/documents", "list", "--as", "bob"]).await;
    assert!(nobody.stderr.contains("no account \"bob\""), "{}", nobody.stderr);
    let off = invoke(world.probe(), &["/payloads", "unit", "--as", "ada"]).await;
    assert!(off.stderr.contains("[auth.accounts]"), "{}", off.stderr);
}

async fn a_route_may_be_called(world: World) {
    let greeting = world.probe().set("app.probe.greeting=hello");
    assert_eq!(answer(greeting, &["HTTP", "GET /greeting"]).await, json!("hello"));
    let missing = invoke(world.probe(), &["HTTP", "GET /nowhere"]).await;
    assert_eq!(missing.code, Some(1));
    assert!(missing.stderr.contains("404") && missing.stderr.contains("not_found"), "{}", missing.stderr);
    let nameless = invoke(world.probe(), &["HTTP", "/greeting"]).await;
    assert!(nameless.stderr.contains("'GET /auth/me'"), "{}", nameless.stderr);
}
