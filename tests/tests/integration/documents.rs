//! The reference application: documents, and writing in them. What the pages make of it is tested with browsers.

use lambdio_tests::{ErrorAnswer, PASSWORD, Server, Socket, Transport, World, trials};
use mongodb::bson::{Document, doc, oid::ObjectId};
use serde_json::{Value, json};
use yrs::{
    Doc, GetString, ReadTxn, StateVector, Text, TextRef, Transact, Update,
    encoding::write::Write,
    updates::{decoder::Decode, encoder::Encode},
};

trials![
    two_people_write_one_document_together_and_find_it_in_the_database,
    the_same_over_polling,
    what_two_write_at_once_is_merged,
    who_was_away_gets_what_was_written_and_brings_what_they_wrote,
    a_large_update_comes_in_pieces,
    pieces_of_another_document_do_not_mix,
    what_is_no_update_is_refused_and_nothing_is_stored,
    a_long_history_is_put_together_and_nothing_is_lost,
    what_was_deleted_leaves_the_database,
    a_document_has_an_end,
    it_has_its_end_also_where_many_write_at_once,
    what_is_hard_to_bring_into_order_keeps_nobody_waiting,
    one_person_has_few_updates_halfway_in_all_tabs,
    the_list_shows_documents_appear_change_and_vanish,
    a_deleted_document_is_gone_for_everybody_who_has_it_open,
    a_document_is_had_as_a_file_with_what_others_have_just_typed,
    what_does_not_exist_is_told,
    what_cannot_be_a_title_is_told,
    a_title_is_one_line_and_turns_nothing_around,
    who_has_too_many_documents_is_told,
    while_documents_can_only_be_read_nothing_is_changed,
    a_document_belongs_to_those_who_are_logged_in,
];

/// Somebody who is logged in, in one tab.
pub async fn member(documents: &Server, name: &str) -> Socket {
    documents.registered(name).await.0.connect("/documents").await
}

/// The application, for people who type more than anybody can.
async fn quick_typists(world: &World) -> Server {
    world.documents().set("handlers.\"/documents\".push.rate_limit.per_socket=10000/s").await
}

/// A new document's id.
pub async fn created(socket: &Socket, title: &str) -> Value {
    let line = socket.ask("create", json!([{ "title": title }])).await;
    assert!(line["id"].is_string(), "{line}");
    line["id"].clone()
}

/// Bytes as the client gives them.
pub fn bytes(value: &Value) -> Vec<u8> {
    let hex = value["$binary"].as_str().unwrap_or_else(|| panic!("not binary: {value}"));
    let pair = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    (0..hex.len()).step_by(2).map(pair).collect()
}

/// What somebody has of a document, in one tab.
pub struct Paper<'a> {
    pub socket: &'a Socket,
    pub id: Value,
    doc: Doc,
    text: TextRef,
}

impl<'a> Paper<'a> {
    /// A document that was never open here.
    pub fn new(socket: &'a Socket, id: &Value) -> Self {
        let doc = Doc::new();
        let text = doc.get_or_insert_text("text");
        Self { socket, id: id.clone(), doc, text }
    }

    /// Opens a document for the first time.
    pub async fn opened(socket: &'a Socket, id: &Value) -> Self {
        let paper = Self::new(socket, id);
        paper.open().await;
        paper
    }

    /// Opens it, and brings both sides to the same text.
    pub async fn open(&self) -> Value {
        let vector = self.vector();
        let opened = self.socket.ask("open", json!([{ "id": self.id, "vector": Socket::binary(&vector.encode_v1()) }]));
        let opened = opened.await;
        assert!(opened.get("error").is_none(), "{opened}");
        self.apply(&bytes(&opened["update"]));
        let theirs = StateVector::decode_v1(&bytes(&opened["vector"])).expect("a state vector");
        if self.vector() != theirs {
            self.push(&self.since(&theirs)).await;
        }
        opened
    }

    pub fn read(&self) -> String {
        self.text.get_string(&self.doc.transact())
    }

    pub fn vector(&self) -> StateVector {
        self.doc.transact().state_vector()
    }

    pub fn since(&self, vector: &StateVector) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(vector)
    }

    pub fn apply(&self, update: &[u8]) {
        self.doc.transact_mut().apply_update(Update::decode_v1(update).expect("an update")).expect("it fits");
    }

    /// Types without telling anybody. Gives the update.
    pub fn typed(&self, at: u32, text: &str) -> Vec<u8> {
        let before = self.vector();
        self.text.insert(&mut self.doc.transact_mut(), at, text);
        self.since(&before)
    }

    /// Types, and has it stored.
    pub async fn write(&self, at: u32, text: &str) {
        let update = self.typed(at, text);
        self.push(&update).await;
    }

    /// Deletes, and has it stored.
    pub async fn erase(&self, at: u32, length: u32) {
        self.text.remove_range(&mut self.doc.transact_mut(), at, length);
        self.push(&self.since(&self.vector())).await;
    }

    pub async fn push(&self, update: &[u8]) {
        assert_eq!(self.piece(update, false).await, json!(null));
    }

    pub async fn piece(&self, bytes: &[u8], more: bool) -> Value {
        self.socket.ask("push", json!([{ "id": self.id, "bytes": Socket::binary(bytes), "more": more }])).await
    }

    pub async fn refused(&self, update: &[u8]) -> ErrorAnswer {
        self.socket.ask_error("push", json!([{ "id": self.id, "bytes": Socket::binary(update), "more": false }])).await
    }

    /// Waits for what somebody else wrote.
    pub async fn hear(&self) {
        let heard = self.socket.next("updated").await[0].clone();
        assert_eq!(heard["id"], self.id);
        self.apply(&bytes(&heard["update"]));
    }
}

/// The log of a document in the database: how many entries, and the text that they make.
async fn stored(world: &World, id: &Value) -> (usize, String) {
    let (mut entries, doc) = (0, Doc::new());
    let text = doc.get_or_insert_text("text");
    for update in log(world, id).await {
        doc.transact_mut().apply_update(Update::decode_v1(&update).expect("an update")).expect("it fits");
        entries += 1;
    }
    (entries, text.get_string(&doc.transact()))
}

async fn log(world: &World, id: &Value) -> Vec<Vec<u8>> {
    let updates = world.database().await.handle.collection::<Document>("document_updates");
    let mut found = updates.find(doc! { "document": object_id(id) }).sort(doc! { "_id": 1 }).await.expect("an answer");
    let mut log = Vec::new();
    while found.advance().await.expect("the next entry") {
        let entry = found.deserialize_current().expect("a document");
        log.push(entry.get_binary_generic("bytes").expect("bytes").clone());
    }
    log
}

pub fn object_id(id: &Value) -> ObjectId {
    ObjectId::parse_str(id.as_str().expect("an id")).expect("an id is an ObjectId in hexadecimal")
}

fn titles(list: &Value) -> Vec<String> {
    let lines = list.as_array().into_iter().flatten();
    lines.filter_map(|line| line["title"].as_str().map(str::to_owned)).collect()
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
    ada.ask("share", json!([{ "id": id, "name": "grace", "role": "editor" }])).await;
    let added = grace.next("document_added").await[0]["document"].clone();
    assert_eq!(
        (&added["title"], &added["role"], &added["owner"]["id"]),
        (&json!("Notes"), &json!("editor"), &json!(me))
    );
    let (mine, hers) = (Paper::new(&ada, &id), Paper::new(&grace, &id));
    assert_eq!(mine.open().await["role"], "owner");
    let opened = hers.open().await;
    assert_eq!(opened["owner"], json!({ "id": me, "name": "Ada" }));

    mine.write(0, "Dear Grace").await;
    hers.hear().await;
    hers.write(10, ", dear Ada").await;
    mine.hear().await;
    assert_eq!((mine.read(), hers.read()), ("Dear Grace, dear Ada".into(), "Dear Grace, dear Ada".into()));
    assert_eq!(stored(&world, &id).await, (2, mine.read()));

    let records = world.database().await.handle.collection::<Document>("documents");
    let record = records.find_one(doc! { "_id": object_id(&id) }).await.expect("an answer").expect("the document");
    assert_eq!((record.get_str("title").ok(), record.get_i64("updates").ok()), (Some("Notes"), Some(2)));
    assert!(record.get_datetime("updated_at").is_ok(), "moments are native: {record}");
}

async fn what_two_write_at_once_is_merged(world: World) {
    let documents = world.documents().await;
    let (tab, other_tab) = two_tabs(&documents).await;
    let id = created(&tab, "Notes").await;
    let (one, other) = (Paper::opened(&tab, &id).await, Paper::opened(&other_tab, &id).await);
    let (mine, theirs) = (one.typed(0, "one"), other.typed(0, "two"));
    futures_util::join!(one.push(&mine), other.push(&theirs));
    one.hear().await;
    other.hear().await;
    assert_eq!(one.read(), other.read());
    assert_eq!(stored(&world, &id).await.1, one.read());
    assert!(["onetwo", "twoone"].contains(&one.read().as_str()), "{}", one.read());
}

async fn two_tabs(documents: &Server) -> (Socket, Socket) {
    let (ada, _) = documents.registered("Ada").await;
    (ada.connect("/documents").await, ada.connect("/documents").await)
}

async fn who_was_away_gets_what_was_written_and_brings_what_they_wrote(world: World) {
    let documents = world.documents().await;
    let (ada, _) = documents.registered("Ada").await;
    let (tab, other_tab) = (ada.connect("/documents").await, ada.connect("/documents").await);
    let id = created(&tab, "Notes").await;
    let (here, away) = (Paper::opened(&tab, &id).await, Paper::opened(&other_tab, &id).await);
    here.write(0, "middle").await;
    away.hear().await;
    other_tab.cut().await;
    away.typed(6, " end");
    here.write(0, "start ").await;

    let again = ada.connect("/documents").await;
    let back = Paper { socket: &again, ..away };
    back.open().await;
    here.hear().await;
    assert_eq!((here.read(), back.read()), ("start middle end".into(), "start middle end".into()));
    assert_eq!(stored(&world, &id).await.1, "start middle end");
}

async fn a_large_update_comes_in_pieces(world: World) {
    const PIECE: usize = 48 * 1024;
    let documents = world.documents().await;
    let (tab, other_tab) = two_tabs(&documents).await;
    let id = created(&tab, "Large").await;
    let (mine, other) = (Paper::opened(&tab, &id).await, Paper::opened(&other_tab, &id).await);
    let update = mine.typed(0, &"0123456789abcdef".repeat(1024 * 1024 / 16));
    let pieces: Vec<&[u8]> = update.chunks(PIECE).collect();
    let (last, first) = pieces.split_last().expect("pieces");
    for piece in first {
        assert_eq!(mine.piece(piece, true).await, json!(null));
    }
    assert_eq!(stored(&world, &id).await, (0, String::new()), "an update is whole, or nothing");
    assert_eq!(mine.piece(last, false).await, json!(null));
    other.hear().await;
    assert_eq!(other.read().len(), 1024 * 1024);
    assert_eq!(stored(&world, &id).await, (1, mine.read()));
    assert_eq!(
        mine.socket
            .ask_error(
                "push",
                json!([{
                    "id": id, "bytes": Socket::binary(&vec![0; 65 * 1024]), "more": true
                }])
            )
            .await
            .code,
        "payload_too_large"
    );
}

async fn pieces_of_another_document_do_not_mix(world: World) {
    let documents = world.documents().await;
    let tab = member(&documents, "Ada").await;
    let (first, second) = (created(&tab, "First").await, created(&tab, "Second").await);
    let (one, two) = (Paper::opened(&tab, &first).await, Paper::opened(&tab, &second).await);
    let (left, whole) = (one.typed(0, "never finished"), two.typed(0, "whole"));
    one.piece(&left[..5], true).await;
    two.push(&whole).await;
    assert_eq!(stored(&world, &second).await.1, "whole");
    one.push(&left).await;
    assert_eq!(stored(&world, &first).await.1, "never finished", "it begins anew");
}

async fn what_is_no_update_is_refused_and_nothing_is_stored(world: World) {
    let documents = quick_typists(&world).await;
    let tab = member(&documents, "Ada").await;
    let id = created(&tab, "Notes").await;
    let paper = Paper::opened(&tab, &id).await;
    for nonsense in [&b""[..], b"x", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", &[0xff; 4096]] {
        assert_eq!(paper.refused(nonsense).await.code, "invalid_update", "{nonsense:?}");
    }
    let error = tab.ask_error("open", json!([{ "id": id, "vector": Socket::binary(&[0xff; 40]) }])).await;
    assert_eq!(error.code, "invalid_update");
    let piece = vec![0; 60 * 1024];
    let answer = loop {
        let answer = paper.piece(&piece, true).await;
        if answer != json!(null) {
            break answer;
        }
    };
    assert_eq!(answer["error"]["code"], "update_too_large");
    assert_eq!(stored(&world, &id).await, (0, String::new()));
    paper.write(0, "still good").await;
}

async fn a_long_history_is_put_together_and_nothing_is_lost(world: World) {
    const LETTERS: u32 = 130;
    let documents = quick_typists(&world).await;
    let (tab, other_tab) = two_tabs(&documents).await;
    let id = created(&tab, "Notes").await;
    let (one, other) = (Paper::opened(&tab, &id).await, Paper::opened(&other_tab, &id).await);
    let write = async |paper: &Paper<'_>, letter: &str| {
        for at in 0..LETTERS {
            paper.write(at, letter).await;
        }
    };
    futures_util::join!(write(&one, "a"), write(&other, "b"));
    let (entries, text) = stored(&world, &id).await;
    assert!(entries < 130, "{entries} entries are left of 260");
    assert_eq!((text.matches('a').count(), text.matches('b').count()), (130, 130));
    for _ in 0..LETTERS {
        one.hear().await;
    }
    assert_eq!(one.read(), text, "who listened has the same text as the database");
    assert_eq!(Paper::opened(&other_tab, &id).await.read(), text, "and who comes now");
}

async fn what_was_deleted_leaves_the_database(world: World) {
    let documents = quick_typists(&world).await;
    let tab = member(&documents, "Ada").await;
    let id = created(&tab, "Notes").await;
    let paper = Paper::opened(&tab, &id).await;
    paper.write(0, "a secret that was never meant").await;
    paper.erase(0, 29).await;
    for at in 0..100 {
        paper.write(at, "x").await;
    }
    let log = log(&world, &id).await.concat();
    assert!(
        !String::from_utf8_lossy(&log).contains("secret"),
        "what was deleted is gone with the next putting together"
    );
    assert_eq!(stored(&world, &id).await.1, "x".repeat(100));
}

async fn a_document_has_an_end(world: World) {
    let documents = world.documents().set("app.documents.max_document_size=20KiB").await;
    let tab = member(&documents, "Ada").await;
    let id = created(&tab, "Notes").await;
    let paper = Paper::opened(&tab, &id).await;
    paper.write(0, &"x".repeat(15_000)).await;
    let too_much = Paper::opened(&tab, &id).await;
    let error = too_much.refused(&too_much.typed(0, &"y".repeat(10_000))).await;
    assert_eq!((error.code.as_str(), error.message.contains("20480 bytes")), ("document_full", true), "{error:?}");
    assert_eq!(stored(&world, &id).await.1, paper.read(), "nothing of it is left");
    // there is room again once something is deleted
    paper.erase(0, 14_000).await;
    paper.write(0, &"z".repeat(10_000)).await;
    assert_eq!(stored(&world, &id).await.1, paper.read());
}

async fn it_has_its_end_also_where_many_write_at_once(world: World) {
    const END: usize = 1024 * 1024;
    let documents = world.documents().set(&format!("app.documents.max_document_size={END}")).await;
    let (ada, _) = documents.registered("Ada").await;
    let mut tabs = Vec::new();
    for _ in 0..4 {
        tabs.push(ada.connect("/documents").await);
    }
    let id = created(&tabs[0], "Notes").await;
    Paper::opened(&tabs[0], &id).await.write(0, "first").await;
    for tab in &tabs {
        Paper::new(tab, &id).write(0, "second").await;
    }
    let large = "x".repeat(END / 10 * 6);
    let all = tabs.iter().map(async |tab| {
        let update = Paper::new(tab, &id).typed(0, &large);
        let paper = Paper::new(tab, &id);
        let (last, first) = update.split_at(update.len() - 1000);
        for piece in last.chunks(48 * 1024) {
            assert_eq!(paper.piece(piece, true).await, json!(null));
        }
        (paper, first.to_vec())
    });
    let ready = futures_util::future::join_all(all).await;
    let answers = ready.iter().map(async |(paper, last)| paper.piece(last, false).await);
    let answers = futures_util::future::join_all(answers).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_null()).count(), 1, "{answers:?}");
    let bytes: usize = log(&world, &id).await.iter().map(Vec::len).sum();
    assert!(bytes <= END, "{bytes} bytes are stored");
}

/// An update in which each letter has to be compared with nearly all that come before it: hours, for the largest one.
fn hard(letters: u32) -> Vec<u8> {
    let mut update = Vec::new();
    for number in [2_u32, 1, 2, 0, 4, 1] {
        update.write_var(number);
    }
    update.write_string("text");
    update.write_string(&"a".repeat(letters as usize));
    for number in [letters, 1, 0] {
        update.write_var(number);
    }
    for before in 0..letters {
        for number in [0x44, 2, before] {
            update.write_var(number);
        }
        update.write_string("x");
    }
    update.write_var(0_u32);
    update
}

async fn what_is_hard_to_bring_into_order_keeps_nobody_waiting(world: World) {
    let documents = quick_typists(&world).await;
    let ((eve, _), (ada, _)) = (documents.registered("Eve").await, documents.registered("Ada").await);
    let (tab, hers) = (eve.connect("/documents").await, ada.connect("/documents").await);
    let id = created(&tab, "Hard").await;
    let hard = hard(60_000);
    let paper = Paper::new(&tab, &id);
    let (last, first) = hard.split_at(hard.len() - 1000);
    for piece in last.chunks(48 * 1024) {
        assert_eq!(paper.piece(piece, true).await, json!(null));
    }
    assert_eq!(paper.piece(first, false).await, json!(null));
    let path = format!("/documents/{}/text", id.as_str().expect("an id"));
    let mut asked = Vec::new();
    for _ in 0..4 {
        let opened = tab.ask("open", json!([{ "id": id, "vector": Socket::binary(&[0]) }])).await;
        assert_eq!(bytes(&opened["update"]), hard);
        asked.push(eve.get(&path).into_future());
    }
    // it is read for as long as that takes, and put together without
    let stuck = tokio::spawn(futures_util::future::join_all(asked));
    for _ in 0..120 {
        paper.push(&[0, 0]).await;
    }
    let notes = created(&hers, "Notes").await;
    Paper::opened(&hers, &notes).await.write(0, "not her business").await;
    assert!(stored_entries(&world, &id).await < 100);
    stuck.abort();
}

async fn stored_entries(world: &World, id: &Value) -> usize {
    log(world, id).await.len()
}

async fn one_person_has_few_updates_halfway_in_all_tabs(world: World) {
    let documents = world.documents().await;
    let ((ada, _), (grace, _)) = (documents.registered("Ada").await, documents.registered("Grace").await);
    let mut tabs = Vec::new();
    for _ in 0..9 {
        tabs.push(ada.connect("/documents").await);
    }
    let id = created(&tabs[0], "Notes").await;
    let papers: Vec<_> = tabs.iter().map(|tab| Paper::new(tab, &id)).collect();
    let update = papers[0].typed(0, "never finished");
    let (half, rest) = update.split_at(5);
    let answers = futures_util::future::join_all(papers.iter().map(|paper| paper.piece(half, true))).await;
    let refused: Vec<_> = answers.iter().filter(|answer| !answer.is_null()).collect();
    assert_eq!(refused.len(), 1, "{answers:?}");
    assert_eq!(refused[0]["error"]["code"], "overloaded");
    assert!(refused[0]["error"]["retry_after_ms"].is_number(), "{refused:?}");
    // others may, and who is halfway goes on
    let other = grace.connect("/documents").await;
    let theirs = created(&other, "Notes").await;
    assert_eq!(Paper::new(&other, &theirs).piece(half, true).await, json!(null));
    let begun = answers.iter().position(Value::is_null).expect("one of them");
    let waits = answers.iter().position(|answer| !answer.is_null()).expect("the other one");
    assert_eq!(papers[begun].piece(rest, false).await, json!(null));
    assert_eq!(papers[waits].piece(half, true).await, json!(null));
    assert_eq!(papers[waits].piece(rest, false).await, json!(null));
    assert_eq!(stored(&world, &id).await.1, "never finished");
}

async fn the_list_shows_documents_appear_change_and_vanish(world: World) {
    let documents = world.documents().await;
    let ((ada, _), (grace, her)) = (documents.registered("Ada").await, documents.registered("Grace").await);
    let (ada, grace) = (ada.connect("/documents").await, grace.connect("/documents").await);
    assert_eq!(grace.ask("list", json!([])).await, json!([]));
    let (first, second) = (created(&ada, "First").await, created(&grace, "Second").await);
    assert_eq!(ada.next("document_added").await[0]["document"]["title"], "First");
    assert_eq!(grace.next("document_added").await[0]["document"]["title"], "Second");
    ada.ask("share", json!([{ "id": first, "name": "Grace", "role": "reader" }])).await;
    let added = grace.next("document_added").await[0]["document"].clone();
    assert_eq!((&added["id"], &added["role"], &added["here"]), (&first, &json!("reader"), &json!(0)));
    ada.ask("rename", json!([{ "id": first, "title": " The first " }])).await;
    let changed = grace.next("document_changed").await[0].clone();
    assert_eq!((&changed["id"], &changed["title"]), (&first, &json!("The first")));
    assert_eq!(
        titles(&grace.ask("list", json!([])).await),
        ["The first", "Second"],
        "those first that were changed last"
    );
    assert_eq!(titles(&ada.ask("list", json!([])).await), ["The first"], "and no others than one's own");

    Paper::opened(&ada, &first).await;
    assert_eq!(grace.next("here_changed").await, json!([{ "id": first, "here": 1 }]));
    ada.ask("close", json!([{ "id": first }])).await;
    assert_eq!(grace.next("here_changed").await, json!([{ "id": first, "here": 0 }]));

    ada.ask("unshare", json!([{ "id": first, "user": her }])).await;
    assert_eq!(grace.next("document_removed").await, json!([{ "id": first, "reason": "access_removed" }]));
    grace.ask("delete", json!([{ "id": second }])).await;
    assert_eq!(grace.next("document_removed").await, json!([{ "id": second, "reason": "deleted" }]));
    assert_eq!(grace.ask("list", json!([])).await, json!([]));
}

async fn a_deleted_document_is_gone_for_everybody_who_has_it_open(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (member(&documents, "Ada").await, member(&documents, "Grace").await);
    let id = created(&ada, "Notes").await;
    ada.ask("share", json!([{ "id": id, "name": "Grace", "role": "editor" }])).await;
    let hers = Paper::opened(&grace, &id).await;
    hers.write(0, "hello").await;
    assert_eq!(ada.ask("delete", json!([{ "id": id }])).await, json!(null));
    assert_eq!(grace.next("document_removed").await, json!([{ "id": id, "reason": "deleted" }]));
    assert_eq!(hers.refused(&hers.typed(0, "more")).await.code, "no_such_document");
    assert_eq!(stored(&world, &id).await, (0, String::new()), "nothing of it is left");
    assert_eq!(ada.ask_error("delete", json!([{ "id": id }])).await.code, "no_such_document");
}

async fn a_document_is_had_as_a_file_with_what_others_have_just_typed(world: World) {
    let documents = world.documents().await;
    let ((ada, _), (grace, _)) = (documents.registered("Ada").await, documents.registered("Grace").await);
    let tab = ada.connect("/documents").await;
    let id = created(&tab, "A/B März").await;
    let paper = Paper::opened(&tab, &id).await;
    let unsaved = paper.typed(0, "Grüße");
    let path = format!("/documents/{}/text", id.as_str().expect("an id"));
    let (file, ()) = futures_util::join!(ada.get(&path).into_future(), async {
        // as a page does that is asked to push what is not stored
        assert_eq!(tab.next("flush").await[0], json!({ "id": id }));
        paper.push(&unsaved).await;
    });
    assert_eq!((file.status, file.text.as_str()), (200, "Grüße"));
    assert_eq!(file.headers["content-disposition"], "attachment; filename*=UTF-8''A-B%20M%C3%A4rz.txt");
    assert_eq!(file.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(grace.get(&path).await.status, 404, "it is not hers");
    assert_eq!(documents.client("nobody").await.get(&path).await.status, 401);
}

async fn what_does_not_exist_is_told(world: World) {
    let documents = world.documents().await;
    let tab = member(&documents, "Ada").await;
    let id = json!("0123456789abcdef01234567");
    let paper = Paper::new(&tab, &id);
    for event in ["rename", "delete", "open", "push", "cursor", "sharing", "share", "unshare", "link", "leave"] {
        let payload = json!([{
            "id": id, "title": "x", "vector": Socket::binary(&[0]), "bytes": Socket::binary(&paper.typed(0, "x")), "more": false,
            "cursor": null, "name": "Ada", "role": "reader", "user": "x",
        }]);
        assert_eq!(tab.ask_error(event, payload).await.code, "no_such_document", "{event}");
    }
    assert_eq!(tab.ask_error("join", json!([{ "id": id, "key": "" }])).await.code, "no_such_link");
    assert_eq!(tab.ask("close", json!([{ "id": id }])).await, json!(null));
    let error = tab.ask_error("delete", json!([{ "id": "no id" }])).await;
    assert_eq!((error.code.as_str(), &error.details["path"]), ("invalid_payload", &json!("[0].id")));
}

async fn what_cannot_be_a_title_is_told(world: World) {
    let documents = world.documents().await;
    let tab = member(&documents, "Ada").await;
    let id = created(&tab, &"ü".repeat(200)).await;
    for title in [String::new(), "   ".to_owned(), "x".repeat(201)] {
        assert_eq!(tab.ask_error("create", json!([{ "title": title }])).await.code, "invalid_title", "{title:?}");
        assert_eq!(tab.ask_error("rename", json!([{ "id": id, "title": title }])).await.code, "invalid_title");
    }
}

async fn a_title_is_one_line_and_turns_nothing_around(world: World) {
    let documents = world.documents().await;
    let tab = member(&documents, "Ada").await;
    let line = tab
        .ask("create", json!([{ "title": "\u{202e}Notes\u{200b} of\r\nAda \u{1f469}\u{200d}\u{1f680}\u{2028}" }]))
        .await;
    assert_eq!(line["title"], "Notes of  Ada \u{1f469}\u{200d}\u{1f680}");
    assert_eq!(tab.ask_error("create", json!([{ "title": "\u{200b}\u{feff}\n" }])).await.code, "invalid_title");
}

async fn who_has_too_many_documents_is_told(world: World) {
    let documents = world.documents().file("config/local.toml", "[app.documents]\nmax_documents = 2\n").await;
    let tab = member(&documents, "Ada").await;
    let id = created(&tab, "First").await;
    created(&tab, "Second").await;
    let error = tab.ask_error("create", json!([{ "title": "Third" }])).await;
    assert_eq!(error.code, "too_many_documents");
    tab.ask("delete", json!([{ "id": id }])).await;
    created(&tab, "Third").await;
    documents.reload("[app.documents]\nmax_documents = 0\n").await;
    let error = member(&documents, "Eve").await.ask_error("create", json!([{ "title": "First" }])).await;
    assert_eq!(error.code, "too_many_documents");
}

async fn while_documents_can_only_be_read_nothing_is_changed(world: World) {
    let documents = world.documents().await;
    let (ada, _) = documents.registered("Ada").await;
    let tab = ada.connect("/documents").await;
    let id = created(&tab, "Notes").await;
    Paper::opened(&tab, &id).await.write(0, "as it was").await;

    let documents = world.documents().set("app.documents.read_only=true").await;
    let ada = documents.client("Ada").await;
    assert_eq!(ada.post("/auth/login", json!({ "name": "Ada", "password": PASSWORD })).await.status, 200);
    let tab = ada.connect("/documents").await;
    assert_eq!(titles(&tab.ask("list", json!([])).await), ["Notes"]);
    let paper = Paper::opened(&tab, &id).await;
    assert_eq!(paper.read(), "as it was");
    assert_eq!(paper.refused(&paper.typed(0, "not ")).await.code, "maintenance");
    for event in ["create", "rename", "delete", "share", "unshare", "link", "join", "leave"] {
        assert_eq!(tab.ask_error(event, json!([{ "id": id }])).await.code, "maintenance", "{event}");
    }
}

async fn a_document_belongs_to_those_who_are_logged_in(world: World) {
    let documents = world.documents().await;
    for transport in Transport::BOTH {
        let refusal = documents.client("nobody").await.connect("/documents").over(transport).refused().await;
        assert_eq!(refusal.message, "unauthenticated");
    }
}
