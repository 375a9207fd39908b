//! Who may do something, by role: those who lack it.

use lambdio_tests::{Program, World, trials};
use serde_json::{Value, json};

trials![
    a_namespace_with_roles_refuses_who_has_none_of_them,
    an_event_with_roles_is_refused_before_its_payload_is_looked_at,
    a_route_with_roles_is_refused_before_its_body_is_looked_at,
    roles_in_toml_are_asked_for_where_the_attribute_asks_for_none,
    roles_are_listed,
    roles_where_nobody_logs_in_are_mistakes,
];

/// The application `roles`, with accounts.
pub fn office(world: &World) -> Program {
    let settings = [
        "auth.accounts.bcrypt_cost=4",
        "namespaces.\"/office\".auth=required",
        "namespaces.\"/vault\".auth=required",
        "namespaces.\"/vault\".roles=[\"admin\"]",
    ];
    settings.iter().fold(world.example("roles").with_database(), |program, setting| program.set(setting))
}

async fn a_namespace_with_roles_refuses_who_has_none_of_them(world: World) {
    let server = office(&world).await;
    let nobody = server.client("nobody").await;
    assert_eq!(nobody.connect("/vault").refused().await.message, "unauthenticated");
    let ada = server.registered("Ada").await.0;
    assert_eq!(ada.connect("/vault").refused().await.message, "forbidden");
    ada.connect("/office").await;
}

async fn an_event_with_roles_is_refused_before_its_payload_is_looked_at(world: World) {
    let server = office(&world).set("handlers.\"/office\".publish.max_payload_size=100B").await;
    let ada = server.registered("Ada").await.0.connect("/office").await;
    for payload in [json!(["news"]), json!([7]), json!([]), json!(["x".repeat(200)])] {
        let error = ada.ask_error("publish", payload.clone()).await;
        assert_eq!((error.code.as_str(), &error.details), ("forbidden", &Value::Null), "{payload}");
        assert!(!error.message.contains("admin"), "the roles are not told: {}", error.message);
    }
    assert_eq!(ada.ask("read", json!([])).await, json!("the news"), "the connection goes on");
}

async fn a_route_with_roles_is_refused_before_its_body_is_looked_at(world: World) {
    let server = office(&world).await;
    let (nobody, ada) = (server.client("nobody").await, server.registered("Ada").await.0);
    for body in [json!("news"), json!(7)] {
        let answer = nobody.post("/office/news", body.clone()).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (401, "unauthenticated"), "{body}");
        let answer = ada.post("/office/news", body.clone()).await;
        assert_eq!((answer.status, answer.error().code.as_str()), (403, "forbidden"), "{body}");
    }
    let mallory = server.client("mallory").await;
    let answer = mallory.post("/office/news", json!("news")).header("authorization", "Bearer x").await;
    assert_eq!((answer.status, answer.error().code.as_str()), (401, "unauthenticated"));
}

async fn roles_in_toml_are_asked_for_where_the_attribute_asks_for_none(world: World) {
    let settings =
        "[handlers.\"/office\".read]\nroles = [\"reader\"]\n[routes.\"GET /who_am_i\"]\nroles = [\"reader\"]\n";
    let server = office(&world).file("config/local.toml", settings).await;
    let ada = server.registered("Ada").await.0;
    assert_eq!(ada.get("/who_am_i").await.status, 403);
    assert_eq!(ada.connect("/office").await.ask_error("read", json!([])).await.code, "forbidden");
}

async fn roles_are_listed(world: World) {
    let office = || office(&world).set("routes.\"GET /who_am_i\".roles=[\"reader\"]");
    let listed = office().args(["handlers"]).run().await;
    let line = |start: &str| listed.stdout.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    let publish = line("/office publish ");
    assert!(publish.ends_with("  role admin or editor > publish, within 10s"), "{publish}");
    assert!(line("GET /who_am_i ").ends_with("  role reader > who_am_i, within 10s"), "{}", listed.stdout);
    assert!(line("/vault (enter) ").ends_with("  role admin"), "{}", listed.stdout);
    assert!(line("/office read ").ends_with("  read, within 10s"), "{}", listed.stdout);

    let listed = office().args(["handlers", "--json"]).run().await;
    let list: Vec<Value> = serde_json::from_str(&listed.stdout).expect("a JSON array");
    let find = |function: &str| list.iter().find(|line| line["function"] == function).expect("it is listed");
    assert_eq!(find("publish_over_http")["roles"], json!(["admin", "editor"]));
    assert_eq!(find("who_am_i")["roles"], json!(["reader"]));
    assert_eq!(find("read")["roles"], Value::Null);
}

async fn roles_where_nobody_logs_in_are_mistakes(world: World) {
    let expect = async |program: Program, parts: &[&str]| {
        let ended = program.run().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
        for part in parts {
            assert!(ended.stderr.contains(part), "{part:?} is missing in: {}", ended.stderr);
        }
    };
    let program = world.example("roles_without_login").set("handlers.\"/open\".read.roles=[\"reader\"]");
    let parts = [
        "3 problems",
        "roles_without_login.rs:5 (wipe): `roles` asks for a login in /open, which does not authenticate",
        "set namespaces.\"/open\".auth = \"required\"",
        "handlers.\"/open\".read.roles (",
        "roles_without_login.rs:11 (wipe_over_http): `roles` asks for a login, but nobody can log in",
    ];
    expect(program, &parts).await;
    for auth in ["", "auth = \"optional\"\n"] {
        let settings = format!("[auth.accounts]\n[namespaces.\"/vault\"]\n{auth}roles = [\"admin\"]\n");
        let program = world.example("roles").file("config/local.toml", &settings);
        expect(program, &["namespaces.\"/vault\".roles: ", "set namespaces.\"/vault\".auth = \"required\""]).await;
    }
}
