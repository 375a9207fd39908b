//! Who may do something, by role: those who have it.

use crate::roles::office;
use lambdio_tests::{Client, Server, World, trials};
use mongodb::bson::{Document, doc};
use serde_json::json;

trials![
    one_of_the_roles_of_an_event_is_enough,
    one_of_the_roles_of_a_route_is_enough,
    one_of_the_roles_of_a_namespace_is_enough,
    the_roles_of_a_handler_count_beside_those_of_its_namespace,
    roles_in_toml_win_over_the_attribute,
];

/// Somebody new with these roles.
pub async fn with_roles(world: &World, server: &Server, name: &str, roles: &[&str]) -> Client {
    let client = server.registered(name).await.0;
    let accounts = world.database().await.handle.collection::<Document>("lambdio_accounts");
    let update = doc! { "$set": { "roles": roles.to_vec() } };
    let updated = accounts.update_one(doc! { "name": name }, update).await.expect("an answer");
    assert_eq!(updated.matched_count, 1);
    let answer = client.post("/auth/login", json!({ "name": name, "password": "correct horse" })).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    client
}

async fn one_of_the_roles_of_an_event_is_enough(world: World) {
    let server = office(&world).await;
    let ada = with_roles(&world, &server, "Ada", &["reader", "editor"]).await.connect("/office").await;
    assert_eq!(ada.ask("publish", json!(["news"])).await, json!(4));
    let bob = with_roles(&world, &server, "Bob", &["reader", "Editor"]).await.connect("/office").await;
    assert_eq!(bob.ask_error("publish", json!(["news"])).await.code, "forbidden");
}

async fn one_of_the_roles_of_a_route_is_enough(world: World) {
    let server = office(&world).await;
    let ada = with_roles(&world, &server, "Ada", &["editor"]).await;
    assert_eq!(ada.post("/office/news", json!("news")).await.json, json!(4));
    let bob = with_roles(&world, &server, "Bob", &["reader"]).await;
    assert_eq!(bob.post("/office/news", json!("news")).await.status, 403);
}

async fn one_of_the_roles_of_a_namespace_is_enough(world: World) {
    let server = office(&world).set("namespaces.\"/vault\".roles=[\"admin\", \"auditor\"]").await;
    let ada = with_roles(&world, &server, "Ada", &["auditor"]).await;
    assert_eq!(ada.connect("/vault").await.ask("my_roles", json!([])).await, json!(["auditor"]));
}

async fn the_roles_of_a_handler_count_beside_those_of_its_namespace(world: World) {
    let server = office(&world).set("handlers.\"/vault\".my_roles.roles=[\"auditor\"]").await;
    let ada = with_roles(&world, &server, "Ada", &["admin"]).await.connect("/vault").await;
    assert_eq!(ada.ask_error("my_roles", json!([])).await.code, "forbidden");
    let bob = with_roles(&world, &server, "Bob", &["auditor"]).await;
    assert_eq!(bob.connect("/vault").refused().await.message, "forbidden");
    let eve = with_roles(&world, &server, "Eve", &["admin", "auditor"]).await.connect("/vault").await;
    assert_eq!(eve.ask("my_roles", json!([])).await, json!(["admin", "auditor"]));
}

async fn roles_in_toml_win_over_the_attribute(world: World) {
    let server = office(&world)
        .set("handlers.\"/office\".publish.roles=[\"reader\"]")
        .set("routes.\"POST /office/news\".roles=[\"reader\"]")
        .await;
    let ada = with_roles(&world, &server, "Ada", &["reader"]).await;
    assert_eq!(ada.connect("/office").await.ask("publish", json!(["news"])).await, json!(4));
    assert_eq!(ada.post("/office/news", json!("news")).await.json, json!(4));
    let bob = with_roles(&world, &server, "Bob", &["editor"]).await;
    assert_eq!(bob.connect("/office").await.ask_error("publish", json!(["news"])).await.code, "forbidden");
    assert_eq!(bob.post("/office/news", json!("news")).await.status, 403);
}
