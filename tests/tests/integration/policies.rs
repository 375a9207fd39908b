//! Who must be logged in, said in attributes and in TOML.

use crate::roles_granted::with_roles;
use lambdio_tests::{Program, World, trials};
use serde_json::{Value, json};

trials![
    guests_are_told_event_by_event_what_needs_a_login,
    a_route_that_needs_a_login_is_refused_before_its_body_is_looked_at,
    the_connect_attribute_says_who_may_enter,
    namespaces_in_toml_win_over_the_connect_attribute_key_by_key,
    toml_asks_for_logins_and_takes_none_away,
    a_mistyped_name_of_the_runtimes_own_event_is_told,
    logins_are_listed,
    logins_where_nobody_is_asked_are_mistakes,
    a_connect_handler_cannot_need_a_user_where_guests_are_let_in,
];

/// The application `policies`, with accounts.
fn lounge(world: &World) -> Program {
    world.example("policies").with_database().set("auth.accounts.bcrypt_cost=4")
}

async fn guests_are_told_event_by_event_what_needs_a_login(world: World) {
    let server = lounge(&world).set("handlers.\"/lounge\".vote.max_payload_size=100B").await;
    let guest = server.client("guest").await.connect("/lounge").await;
    for event in ["sign", "vote", "wipe"] {
        for payload in [json!(["yours"]), json!([7]), json!([]), json!(["x".repeat(200)])] {
            let error = guest.ask_error(event, payload.clone()).await;
            assert_eq!((error.code.as_str(), &error.details), ("unauthenticated", &Value::Null), "{event} {payload}");
        }
    }
    assert_eq!(guest.ask("read", json!([])).await, json!("the news"), "the connection goes on");

    let ada = server.registered("Ada").await.0.connect("/lounge").await;
    assert_eq!(ada.ask("sign", json!(["yours"])).await, json!("yours, Ada"));
    assert_eq!(ada.ask("vote", json!([7])).await, json!(7));
    assert_eq!(ada.ask_error("vote", json!(["seven"])).await.code, "invalid_payload");
    assert_eq!(ada.ask_error("wipe", json!([])).await.code, "forbidden");
    assert!(ada.ask("auth:renew", json!([])).await["expires_at"].is_string(), "its session is looked after");
}

async fn a_route_that_needs_a_login_is_refused_before_its_body_is_looked_at(world: World) {
    let server = lounge(&world).await;
    let (nobody, ada) = (server.client("nobody").await, server.registered("Ada").await.0);
    for path in ["/votes", "/signatures"] {
        for body in [json!(7), json!("yours"), json!(null)] {
            let answer = nobody.post(path, body.clone()).await;
            assert_eq!((answer.status, answer.error().code.as_str()), (401, "unauthenticated"), "{path} {body}");
        }
    }
    assert_eq!(ada.post("/votes", json!(7)).await.json, json!(7));
    assert_eq!(ada.post("/votes", json!("seven")).await.error().code, "invalid_payload");
    assert_eq!(nobody.get("/news").await.status, 200);
}

async fn the_connect_attribute_says_who_may_enter(world: World) {
    let server = lounge(&world).await;
    let nobody = server.client("nobody").await;
    for namespace in ["/vault", "/desk"] {
        assert_eq!(nobody.connect(namespace).refused().await.message, "unauthenticated", "{namespace}");
    }
    let bob = server.registered("Bob").await.0;
    bob.connect("/desk").await;
    assert_eq!(bob.connect("/vault").refused().await.message, "forbidden");
    let ada = with_roles(&world, &server, "Ada", &["admin"]).await;
    assert_eq!(ada.connect("/vault").await.ask("count", json!([])).await, json!(3));
    let wrong = json!({ "token": "x" });
    assert_eq!(nobody.connect("/lounge").auth(wrong.clone()).refused().await.message, "unauthenticated");
    nobody.connect("/street").auth(wrong).await;
}

async fn namespaces_in_toml_win_over_the_connect_attribute_key_by_key(world: World) {
    let settings = "[namespaces.\"/vault\"]\nroles = [\"auditor\"]\n[namespaces.\"/lounge\"]\nauth = \"required\"\n";
    let server = lounge(&world).file("config/local.toml", settings).await;
    let nobody = server.client("nobody").await;
    for namespace in ["/vault", "/lounge"] {
        assert_eq!(nobody.connect(namespace).refused().await.message, "unauthenticated", "{namespace}");
    }
    let ada = with_roles(&world, &server, "Ada", &["auditor"]).await;
    ada.connect("/vault").await;
    ada.connect("/lounge").await;
    let bob = with_roles(&world, &server, "Bob", &["admin"]).await;
    assert_eq!(bob.connect("/vault").refused().await.message, "forbidden");
}

async fn toml_asks_for_logins_and_takes_none_away(world: World) {
    let settings = "[handlers.\"/lounge\".read]\nauth = \"required\"\n[routes.\"GET /news\"]\nauth = \"required\"\n";
    let server = lounge(&world).file("config/local.toml", settings).await;
    let (nobody, ada) = (server.client("nobody").await, server.registered("Ada").await.0);
    assert_eq!(nobody.get("/news").await.status, 401);
    assert_eq!(ada.get("/news").await.status, 200);
    assert_eq!(nobody.connect("/lounge").await.ask_error("read", json!([])).await.code, "unauthenticated");
    assert_eq!(ada.connect("/lounge").await.ask("read", json!([])).await, json!("the news"));

    let settings = "[handlers.\"/lounge\".vote]\nauth = \"optional\"\n[routes.\"POST /votes\"]\nauth = \"none\"\n";
    let parts = [
        "local.toml:2: handlers.\"/lounge\".vote.auth: only \"required\" can be said here, found \"optional\"",
        "local.toml:4: routes.\"POST /votes\".auth: only \"required\" can be said here, found \"none\"",
    ];
    expect(lounge(&world).file("config/local.toml", settings), &parts).await;
}

async fn a_mistyped_name_of_the_runtimes_own_event_is_told(world: World) {
    let settings = "[handlers.\"/lounge\".\"auth:renw\"]\ntimeout = \"1s\"\n";
    let part = "handlers.\"/lounge\".\"auth:renw\": no handler serves this event; did you mean \"auth:renew\"?";
    expect(lounge(&world).file("config/local.toml", settings), &[part]).await;
}

async fn logins_are_listed(world: World) {
    let lounge = || lounge(&world).set("routes.\"GET /news\".auth=required");
    let listed = lounge().args(["handlers"]).run().await;
    let line = |start: &str| listed.stdout.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    let expected = [
        ("/lounge read ", "  read, within 10s"),
        ("/lounge sign ", "  login > sign, within 10s"),
        ("/lounge vote ", "  login > vote, within 10s"),
        ("/lounge wipe ", "  role admin > wipe, within 10s"),
        ("/lounge (connect) ", "  optional login > enter_lounge, within 10s"),
        ("/lounge (enter) ", "  optional login"),
        ("/vault (connect) ", "  role admin > enter_vault, within 10s"),
        ("/vault (enter) ", "  role admin"),
        ("/vault count ", "  count, within 10s"),
        ("/desk (connect) ", "  login > enter_desk, within 10s"),
        ("/desk (enter) ", "  login"),
        ("POST /votes ", "  login > vote_over_http, within 10s"),
        ("GET /news ", "  login > read_over_http, within 10s"),
    ];
    for (start, end) in expected {
        assert!(line(start).ends_with(end), "{start}: {}", listed.stdout);
    }
    assert_eq!(line("/street (enter) "), "", "nobody is asked");

    let listed = lounge().args(["handlers", "--json"]).run().await;
    let list: Vec<Value> = serde_json::from_str(&listed.stdout).expect("a JSON array");
    let find = |function: &str| &list.iter().find(|line| line["function"] == function).expect("it is listed")["auth"];
    for function in ["sign", "vote", "wipe", "enter_vault", "vote_over_http", "read_over_http"] {
        assert_eq!(find(function), &json!("required"), "{function}");
    }
    assert_eq!(find("enter_lounge"), &json!("optional"));
    for function in ["read", "read_outside", "count"] {
        assert_eq!(find(function), &Value::Null, "{function}");
    }
}

async fn logins_where_nobody_is_asked_are_mistakes(world: World) {
    let settings = "[auth.accounts]\n[namespaces.\"/lounge\"]\nauth = \"none\"\n[handlers.\"/street\".read]\nauth = \"required\"\n";
    let parts = [
        "4 problems",
        "(sign): `User` asks for a login in /lounge, which does not authenticate (config/local.toml:3): set namespaces.\"/lounge\".auth = \"required\"",
        "(vote): `auth` asks for a login in /lounge, which does not authenticate (config/local.toml:3): set namespaces.\"/lounge\".auth = \"required\"",
        "(wipe): `roles` asks for a login in /lounge, which does not authenticate (config/local.toml:3): set namespaces.\"/lounge\".auth = \"required\"",
        "handlers.\"/street\".read.auth (",
        "(read_outside)) asks for a login in /street, which does not authenticate: set namespaces.\"/street\".auth = \"required\"",
    ];
    expect(world.example("policies").file("config/local.toml", settings), &parts).await;

    let nobody_can_log_in = [
        "(enter_lounge): `auth` asks for a login, but nobody can log in",
        "(enter_desk): `auth` asks for a login, but nobody can log in",
        "(enter_vault): `auth` asks for a login, but nobody can log in",
        "(vote_over_http): `auth` asks for a login, but nobody can log in",
    ];
    expect(world.example("policies"), &nobody_can_log_in).await;

    let settings = "[namespaces.\"/vault\"]\nauth = \"optional\"\n[namespaces.\"/street\"]\nroles = [\"admin\"]\n";
    let parts = [
        "local.toml:2: namespaces.\"/vault\".auth: ",
        "(enter_vault) asks for roles: only who is logged in has roles; set namespaces.\"/vault\".auth = \"required\"",
        "local.toml:4: namespaces.\"/street\".roles: only who is logged in has roles",
    ];
    expect(world.example("policies").file("config/local.toml", settings), &parts).await;
}

async fn a_connect_handler_cannot_need_a_user_where_guests_are_let_in(world: World) {
    let program = world.example("policies").set("auth.accounts.bcrypt_cost=4");
    let parts = [
        "(enter_desk): `User` asks for a login in /desk, which lets guests in: set namespaces.\"/desk\".auth = \"required\", or take \
         `Option<User>`",
    ];
    expect(program.set("namespaces.\"/desk\".auth=optional"), &parts).await;
}

/// The program ends at start, with these parts of an error.
async fn expect(program: Program, parts: &[&str]) {
    let ended = program.run().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
    for part in parts {
        assert!(ended.stderr.contains(part), "{part:?} is missing in: {}", ended.stderr);
    }
}
