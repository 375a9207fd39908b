//! The reference application: who is online, who has a document open, and where they are in it.

use crate::documents::{Paper, created, member};
use lambdio_tests::{PASSWORD, Server, Signal, Socket, Transport, World, eventually, trials};
use serde_json::{Value, json};

trials![
    who_is_online_is_shown_once_however_many_tabs_they_have,
    who_is_there_is_right_with_several_tabs_and_lost_connections,
    a_killed_client_is_gone,
    cursors_are_shown_to_the_others_and_go_with_their_tab,
    who_has_it_not_open_shows_no_cursor,
    who_closed_a_document_hears_no_more_of_it,
    lists_count_people_and_not_tabs,
];

/// The names in a room, as a client hears that comes into it.
async fn names(socket: &Socket, room: &str) -> Vec<String> {
    let list = eventually("the list of who is there", async || {
        let list = socket.next("presence_list").await[0].clone();
        (list["room"] == room).then_some(list)
    });
    let list = list.await;
    let entries = list["entries"].as_array().into_iter().flatten();
    entries.filter_map(|entry| entry["name"].as_str().map(str::to_owned)).collect()
}

/// The next event of presence in a room: the name, and the number of tabs.
async fn next(socket: &Socket, event: &str, room: &str) -> (Value, Value) {
    let heard = eventually("an event of this room", async || {
        let heard = socket.next(event).await[0].clone();
        (heard["room"] == room).then_some(heard)
    });
    let entry = heard.await["entry"].clone();
    (entry["name"].clone(), entry["sockets"].clone())
}

fn room(id: &Value) -> String {
    format!("document:{}", id.as_str().expect("an id"))
}

/// A document of Ada's that Grace may write.
async fn shared(documents: &Server) -> (Socket, Socket, Value) {
    let (ada, grace) = (member(documents, "Ada").await, member(documents, "Grace").await);
    let id = created(&ada, "Notes").await;
    ada.ask("share", json!([{ "id": id, "name": "Grace", "role": "editor" }])).await;
    (ada, grace, id)
}

async fn who_is_online_is_shown_once_however_many_tabs_they_have(world: World) {
    let documents = world.documents().await;
    let ((ada, _), (grace, _)) = (documents.registered("Ada").await, documents.registered("Grace").await);
    let here = ada.connect("/documents").await;
    assert_eq!(names(&here, "online").await, ["Ada"]);
    let tab = grace.connect("/documents").await;
    assert_eq!(names(&tab, "online").await, ["Ada", "Grace"]);
    assert_eq!(next(&here, "presence_joined", "online").await, (json!("Grace"), json!(1)));
    let other_tab = grace.connect("/documents").over(Transport::Polling).await;
    assert_eq!(names(&other_tab, "online").await, ["Ada", "Grace"]);
    assert_eq!(next(&here, "presence_changed", "online").await, (json!("Grace"), json!(2)));
    tab.close().await;
    assert_eq!(next(&here, "presence_changed", "online").await, (json!("Grace"), json!(1)));
    other_tab.close().await;
    assert_eq!(next(&here, "presence_left", "online").await.0, "Grace");
}

async fn who_is_there_is_right_with_several_tabs_and_lost_connections(world: World) {
    let documents = world.documents().await;
    let ((ada, _), (grace, _)) = (documents.registered("Ada").await, documents.registered("Grace").await);
    let here = ada.connect("/documents").await;
    let id = created(&here, "Notes").await;
    here.ask("share", json!([{ "id": id, "name": "Grace", "role": "reader" }])).await;
    Paper::opened(&here, &id).await;
    let (tab, other_tab) = (grace.connect("/documents").await, grace.connect("/documents").await);
    Paper::opened(&tab, &id).await;
    assert_eq!(next(&here, "presence_joined", &room(&id)).await.0, "Grace");
    Paper::opened(&other_tab, &id).await;
    assert_eq!(names(&other_tab, &room(&id)).await, ["Ada", "Grace"]);
    assert_eq!(next(&here, "presence_changed", &room(&id)).await.1, 2);
    tab.ask("close", json!([{ "id": id }])).await;
    assert_eq!(next(&here, "presence_changed", &room(&id)).await.1, 1, "the other tab is still there");
    other_tab.cut().await;
    assert_eq!(next(&here, "presence_left", &room(&id)).await.0, "Grace");
}

async fn a_killed_client_is_gone(world: World) {
    let documents = world.documents().await;
    let here = member(&documents, "Ada").await;
    let id = created(&here, "Notes").await;
    here.ask("link", json!([{ "id": id, "role": "reader" }])).await;
    let key = here.ask("sharing", json!([{ "id": id }])).await["link"]["key"].clone();
    Paper::opened(&here, &id).await;
    let grace = documents.client_in_own_process("Grace").await;
    let registered = json!({ "name": "Grace", "password": PASSWORD });
    assert_eq!(grace.post("/auth/register", registered).await.status, 201);
    let tab = grace.connect("/documents").await;
    tab.ask("join", json!([{ "id": id, "key": key }])).await;
    Paper::opened(&tab, &id).await;
    assert_eq!(next(&here, "presence_joined", &room(&id)).await.0, "Grace");
    grace.signal(Signal::KILL);
    let left = [here.next("presence_left").await[0].clone(), here.next("presence_left").await[0].clone()];
    assert!(left.iter().all(|left| left["entry"]["name"] == "Grace"), "{left:?}");
    assert!(left.iter().any(|left| left["room"] == "online") && left.iter().any(|left| left["room"] == room(&id)));
}

async fn cursors_are_shown_to_the_others_and_go_with_their_tab(world: World) {
    let documents = world.documents().await;
    let (ada, grace, id) = shared(&documents).await;
    Paper::opened(&ada, &id).await;
    Paper::opened(&grace, &id).await;
    let cursor = json!({ "anchor": "{\"tname\":\"text\"}", "head": "{\"tname\":\"text\"}" });
    assert_eq!(grace.ask("cursor", json!([{ "id": id, "cursor": cursor }])).await, json!(null));
    let moved = ada.next("cursor_moved").await[0].clone();
    assert_eq!((&moved["cursor"], &moved["user"]["name"]), (&cursor, &json!("Grace")));
    let long = json!({ "anchor": "x".repeat(201), "head": "" });
    grace.ask("cursor", json!([{ "id": id, "cursor": long }])).await;
    assert_eq!(ada.next("cursor_moved").await[0]["cursor"], json!(null), "a position has an end");
    grace.cut().await;
    let gone = ada.next("cursor_moved").await[0].clone();
    assert_eq!((&gone["cursor"], &gone["socket"]), (&json!(null), &moved["socket"]));
}

async fn who_has_it_not_open_shows_no_cursor(world: World) {
    let documents = world.documents().await;
    let (ada, grace, id) = shared(&documents).await;
    Paper::opened(&ada, &id).await;
    assert_eq!(grace.ask_error("cursor", json!([{ "id": id, "cursor": null }])).await.code, "no_such_document");
    Paper::opened(&grace, &id).await;
    grace.ask("close", json!([{ "id": id }])).await;
    assert_eq!(grace.ask_error("cursor", json!([{ "id": id, "cursor": null }])).await.code, "no_such_document");
}

async fn who_closed_a_document_hears_no_more_of_it(world: World) {
    let documents = world.documents().await;
    let (ada, grace, id) = shared(&documents).await;
    let (mine, hers) = (Paper::opened(&ada, &id).await, Paper::opened(&grace, &id).await);
    mine.write(0, "one").await;
    hers.hear().await;
    assert_eq!(grace.ask("close", json!([{ "id": id }])).await, json!(null));
    mine.write(0, "two").await;
    grace.ask("list", json!([])).await;
    let seen = grace.events_seen().await;
    assert_eq!(seen.iter().filter(|seen| seen.event == "updated").count(), 1);
}

async fn lists_count_people_and_not_tabs(world: World) {
    let documents = world.documents().await;
    let (ada, _) = documents.registered("Ada").await;
    let (list, tab, other_tab) =
        (ada.connect("/documents").await, ada.connect("/documents").await, ada.connect("/documents").await);
    let id = created(&list, "Notes").await;
    Paper::opened(&tab, &id).await;
    assert_eq!(list.next("here_changed").await[0]["here"], 1);
    Paper::opened(&other_tab, &id).await;
    assert_eq!(list.next("here_changed").await[0]["here"], 1);
    assert_eq!(list.ask("list", json!([])).await[0]["here"], 1);
    tab.cut().await;
    assert_eq!(list.next("here_changed").await[0]["here"], 1);
    other_tab.cut().await;
    assert_eq!(list.next("here_changed").await[0]["here"], 0);
}
