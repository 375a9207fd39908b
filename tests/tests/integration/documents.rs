//! The reference application, as people use it.

use lambdio_tests::{Server, Socket, Transport, World, trials};
use mongodb::bson::{Document, doc, oid::ObjectId};
use serde_json::{Value, json};

trials![
    two_people_write_one_document_together_and_find_it_in_the_database,
    the_same_over_polling,
    of_two_edits_at_once_one_is_stored_and_the_other_gets_its_text,
    of_many_edits_at_once_each_revision_is_stored_once,
    everybody_sees_documents_come_and_go,
    only_its_owner_deletes_a_document,
    who_is_there_is_right_with_several_tabs_and_lost_connections,
    who_closed_a_document_sees_no_more_of_it,
    what_does_not_exist_is_told,
    what_cannot_be_stored_is_told,
    a_document_belongs_to_those_who_are_logged_in,
    the_page_is_served_at_the_root,
];

async fn member(documents: &Server, name: &str) -> Socket {
    documents.registered(name).await.0.connect("/documents").await
}

async fn created(socket: &Socket, title: &str) -> Value {
    let summary = socket.ask("create", json!([{ "title": title }])).await;
    assert!(summary["id"].is_string(), "{summary}");
    summary["id"].clone()
}

async fn edit(socket: &Socket, id: &Value, revision: i64, text: &str) -> Value {
    socket.ask("edit", json!([{ "id": id, "revision": revision, "text": text }])).await
}

/// Who has a document open, as a client hears that opens it.
async fn names(socket: &Socket) -> Vec<String> {
    let list = socket.next("presence_list").await;
    let entries = list[0]["entries"].as_array().into_iter().flatten();
    entries.filter_map(|entry| entry["name"].as_str().map(str::to_owned)).collect()
}

async fn two_people_write_one_document_together_and_find_it_in_the_database(world: World) {
    the_story(world, Transport::Websocket).await;
}

async fn the_same_over_polling(world: World) {
    the_story(world, Transport::Polling).await;
}

async fn the_story(world: World, transport: Transport) {
    let documents = world.documents().await;
    let ((ada, me), (grace, _)) = (documents.registered("Ada").await, documents.registered("Grace").await);
    let ada = ada.connect("/documents").over(transport).await;
    let grace = grace.connect("/documents").over(transport).await;

    let id = created(&ada, "Notes").await;
    assert_eq!(grace.next("created").await[0]["document"]["title"], "Notes");
    let opened = ada.ask("open", json!([{ "id": id }])).await;
    assert_eq!(opened, json!({ "title": "Notes", "text": "", "revision": 0 }));
    assert_eq!(names(&ada).await, ["Ada"]);
    grace.ask("open", json!([{ "id": id }])).await;
    assert_eq!(names(&grace).await, ["Ada", "Grace"]);
    assert_eq!(ada.next("presence_joined").await[0]["entry"]["name"], "Grace");

    assert_eq!(edit(&ada, &id, 0, "Dear Grace").await, json!({ "revision": 1 }));
    let changed = grace.next("text_changed").await[0].clone();
    assert_eq!((&changed["text"], &changed["revision"]), (&json!("Dear Grace"), &json!(1)));
    assert_eq!(changed["by"], json!({ "id": me, "name": "Ada" }));
    assert_eq!(edit(&grace, &id, 1, "Dear Ada").await, json!({ "revision": 2 }));
    assert_eq!(ada.next("text_changed").await[0]["text"], "Dear Ada");

    let oid = ObjectId::parse_str(id.as_str().expect("an id")).expect("an id is an ObjectId in hexadecimal");
    let stored = world.database().await.handle.collection::<Document>("documents");
    let stored = stored.find_one(doc! { "_id": oid }).await.expect("an answer").expect("the document");
    assert_eq!((stored.get_str("text").ok(), stored.get_i64("revision").ok()), (Some("Dear Ada"), Some(2)));
    assert!(stored.get_datetime("updated_at").is_ok(), "moments are native: {stored}");
}

async fn of_two_edits_at_once_one_is_stored_and_the_other_gets_its_text(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (member(&documents, "Ada").await, member(&documents, "Grace").await);
    let id = created(&ada, "Notes").await;
    let (one, other) = futures_util::join!(edit(&ada, &id, 0, "by Ada"), edit(&grace, &id, 0, "by Grace"));
    let (stored, refused, text) = if one["revision"] == 1 { (one, other, "by Ada") } else { (other, one, "by Grace") };
    assert_eq!(stored, json!({ "revision": 1 }));
    assert_eq!(refused["error"]["code"], "stale_revision");
    assert_eq!(refused["error"]["details"], json!({ "revision": 1, "text": text }), "nothing is lost");
}

async fn of_many_edits_at_once_each_revision_is_stored_once(world: World) {
    const EACH: i64 = 10;
    let documents = world.documents().await;
    let (ada, grace) = (member(&documents, "Ada").await, member(&documents, "Grace").await);
    let id = created(&ada, "Notes").await;
    let write = async |socket: &Socket, mark: &str| {
        let (mut revision, mut text) = (0, String::new());
        for _ in 0..EACH {
            // as a client does that is refused: again, on the present text
            loop {
                let answer = edit(socket, &id, revision, &format!("{text}{mark}")).await;
                let (current, stored) = match answer.get("error") {
                    None => (&answer, true),
                    Some(error) => (&error["details"], false),
                };
                revision = current["revision"].as_i64().expect("a revision");
                if stored {
                    text.push_str(mark);
                    break;
                }
                current["text"].as_str().expect("a text").clone_into(&mut text);
            }
        }
    };
    futures_util::join!(write(&ada, "a"), write(&grace, "g"));
    let opened = ada.ask("open", json!([{ "id": id }])).await;
    let text = opened["text"].as_str().expect("a text");
    let count = |mark: char| i64::try_from(text.chars().filter(|c| *c == mark).count()).unwrap_or_default();
    assert_eq!((count('a'), count('g'), opened["revision"].as_i64()), (EACH, EACH, Some(2 * EACH)), "{text}");
}

async fn everybody_sees_documents_come_and_go(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (member(&documents, "Ada").await, member(&documents, "Grace").await);
    let (first, second) = (created(&ada, "First").await, created(&grace, "Second").await);
    for socket in [&ada, &grace] {
        assert_eq!(socket.next("created").await[0]["document"]["id"], first);
        assert_eq!(socket.next("created").await[0]["document"]["id"], second);
        let list = socket.ask("list", json!([])).await;
        let titles: Vec<_> = list.as_array().into_iter().flatten().map(|line| line["title"].clone()).collect();
        assert_eq!(titles, ["Second", "First"], "newest first");
    }
    grace.ask("open", json!([{ "id": first }])).await;
    assert_eq!(names(&grace).await, ["Grace"]);
    assert_eq!(ada.ask("delete", json!([{ "id": first }])).await, json!(null));
    assert_eq!(grace.next("deleted").await, json!([{ "id": first }]));
    assert_eq!(names(&grace).await, Vec::<String>::new(), "nobody has it open any more");
    assert_eq!(grace.ask("list", json!([])).await.as_array().map(Vec::len), Some(1));
}

async fn only_its_owner_deletes_a_document(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (member(&documents, "Ada").await, member(&documents, "Grace").await);
    let id = created(&ada, "Notes").await;
    assert_eq!(grace.ask_error("delete", json!([{ "id": id }])).await.code, "not_owner");
    assert_eq!(ada.ask("delete", json!([{ "id": id }])).await, json!(null));
    assert_eq!(ada.ask_error("delete", json!([{ "id": id }])).await.code, "no_such_document");
}

async fn who_is_there_is_right_with_several_tabs_and_lost_connections(world: World) {
    let documents = world.documents().await;
    let ((ada, _), (grace, _)) = (documents.registered("Ada").await, documents.registered("Grace").await);
    let here = ada.connect("/documents").await;
    let id = created(&here, "Notes").await;
    here.ask("open", json!([{ "id": id }])).await;
    let (tab, other_tab) = (grace.connect("/documents").await, grace.connect("/documents").await);
    tab.ask("open", json!([{ "id": id }])).await;
    assert_eq!(here.next("presence_joined").await[0]["entry"]["name"], "Grace");
    other_tab.ask("open", json!([{ "id": id }])).await;
    assert_eq!(names(&other_tab).await, ["Ada", "Grace"]);
    assert_eq!(here.next("presence_changed").await[0]["entry"]["sockets"], 2);
    tab.ask("close", json!([{ "id": id }])).await;
    assert_eq!(here.next("presence_changed").await[0]["entry"]["sockets"], 1, "the other tab is still there");
    other_tab.cut().await;
    assert_eq!(here.next("presence_left").await[0]["entry"]["name"], "Grace");
}

async fn who_closed_a_document_sees_no_more_of_it(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (member(&documents, "Ada").await, member(&documents, "Grace").await);
    let id = created(&ada, "Notes").await;
    grace.ask("open", json!([{ "id": id }])).await;
    edit(&ada, &id, 0, "one").await;
    assert_eq!(grace.next("text_changed").await[0]["text"], "one");
    assert_eq!(grace.ask("close", json!([{ "id": id }])).await, json!(null));
    edit(&ada, &id, 1, "two").await;
    grace.ask("list", json!([])).await;
    let seen = grace.events_seen().await;
    assert_eq!(seen.iter().filter(|seen| seen.event == "text_changed").count(), 1);
}

async fn what_does_not_exist_is_told(world: World) {
    let documents = world.documents().await;
    let ada = member(&documents, "Ada").await;
    let id = "0123456789abcdef01234567";
    assert_eq!(ada.ask_error("open", json!([{ "id": id }])).await.code, "no_such_document");
    assert_eq!(ada.ask_error("edit", json!([{ "id": id, "revision": 0, "text": "" }])).await.code, "no_such_document");
    assert_eq!(ada.ask("close", json!([{ "id": id }])).await, json!(null));
    let error = ada.ask_error("open", json!([{ "id": "no id" }])).await;
    assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!("[0].id")));
}

async fn what_cannot_be_stored_is_told(world: World) {
    let documents = world.documents().await;
    let ada = member(&documents, "Ada").await;
    for title in [String::new(), "   ".to_owned(), "x".repeat(201)] {
        assert_eq!(ada.ask_error("create", json!([{ "title": title }])).await.code, "invalid_title", "{title:?}");
    }
    let id = created(&ada, &"ü".repeat(200)).await;
    let error = edit(&ada, &id, 0, &"x".repeat(256 * 1024 + 1)).await;
    assert_eq!(error["error"]["code"], "text_too_long");
    assert_eq!(edit(&ada, &id, 0, &"x".repeat(256 * 1024)).await, json!({ "revision": 1 }));
}

async fn a_document_belongs_to_those_who_are_logged_in(world: World) {
    let documents = world.documents().await;
    for transport in Transport::BOTH {
        let refusal = documents.client("nobody").await.connect("/documents").over(transport).refused().await;
        assert_eq!(refusal.message, "unauthenticated");
    }
}

async fn the_page_is_served_at_the_root(world: World) {
    let documents = world.documents().await;
    let page = documents.client("ada").await.get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.headers.get("content-type").map(String::as_str), Some("text/html; charset=utf-8"));
    assert!(page.text.contains("<title>Documents</title>"), "{}", page.text);
}
