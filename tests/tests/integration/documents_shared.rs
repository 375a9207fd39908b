//! The reference application: owners, editors, readers, and links.

use crate::documents::{Paper, created};
use lambdio_tests::{Client, Server, Socket, World, trials};
use serde_json::{Value, json};

trials![
    a_document_is_its_owners_alone_until_it_is_shared,
    readers_read_editors_write_and_only_the_owner_shares,
    a_role_that_is_changed_counts_at_once,
    whose_access_is_taken_away_is_put_out_of_all_tabs_at_once,
    whoever_has_the_link_gets_in_until_it_is_removed,
    the_link_is_shown_to_the_owner_only,
    another_role_of_the_link_is_one_of_those_who_came_by_it,
    who_was_invited_stays_when_the_link_goes,
    who_gives_up_access_is_gone_and_an_owner_cannot,
    a_document_is_shared_with_so_many_and_no_more,
    who_does_not_exist_is_told,
    only_who_had_access_is_put_out,
    who_is_put_out_hears_nothing_after_being_told,
    a_link_that_is_removed_lets_nobody_in_at_the_same_moment,
    who_is_put_out_at_the_same_moment_is_in_no_list,
];

/// Somebody with an account, at one tab.
struct Person {
    client: Client,
    id: String,
    tab: Socket,
}

impl Person {
    async fn new(documents: &Server, name: &str) -> Self {
        let (client, id) = documents.registered(name).await;
        let tab = client.connect("/documents").await;
        Self { client, id, tab }
    }

    async fn share(&self, id: &Value, name: &str, role: &str) -> Value {
        self.tab.ask("share", json!([{ "id": id, "name": name, "role": role }])).await
    }

    async fn link(&self, id: &Value, role: Value) -> Value {
        self.tab.ask("link", json!([{ "id": id, "role": role }])).await["link"].clone()
    }

    async fn join(&self, id: &Value, key: &Value) -> Value {
        self.tab.ask("join", json!([{ "id": id, "key": key }])).await
    }
}

/// The people of a document: name, role, and whether they came by the link.
fn people(sharing: &Value) -> Vec<(String, String, bool)> {
    let people = sharing["people"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    people.map(|one| (text(&one["name"]), text(&one["role"]), one["by_link"] == true)).collect()
}

fn entry(name: &str, role: &str, by_link: bool) -> (String, String, bool) {
    (name.to_owned(), role.to_owned(), by_link)
}

async fn a_document_is_its_owners_alone_until_it_is_shared(world: World) {
    let documents = world.documents().await;
    let (ada, eve) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Eve").await);
    let id = created(&ada.tab, "Notes").await;
    let paper = Paper::new(&eve.tab, &id);
    for event in ["rename", "delete", "open", "push", "sharing", "share", "unshare", "link", "leave"] {
        let payload = json!([{
            "id": id, "title": "x", "vector": Socket::binary(&[0]), "bytes": Socket::binary(&paper.typed(0, "x")), "more": false,
            "name": "Eve", "role": "editor", "user": eve.id,
        }]);
        assert_eq!(eve.tab.ask_error(event, payload).await.code, "no_such_document", "{event}");
    }
    assert_eq!(eve.tab.ask("list", json!([])).await, json!([]));
    assert_eq!(Paper::opened(&ada.tab, &id).await.read(), "");
    let heard = eve.tab.events_seen().await;
    assert!(heard.iter().all(|seen| seen.event.starts_with("presence_")), "{heard:?}");
}

async fn readers_read_editors_write_and_only_the_owner_shares(world: World) {
    let documents = world.documents().await;
    let (ada, grace, eve) = (
        Person::new(&documents, "Ada").await,
        Person::new(&documents, "Grace").await,
        Person::new(&documents, "Eve").await,
    );
    let id = created(&ada.tab, "Notes").await;
    ada.share(&id, "GRACE", "reader").await;
    let sharing = ada.share(&id, "Eve", "editor").await;
    assert_eq!(people(&sharing), [entry("Grace", "reader", false), entry("Eve", "editor", false)]);
    let (reader, editor) = (Paper::opened(&grace.tab, &id).await, Paper::opened(&eve.tab, &id).await);
    editor.write(0, "written").await;
    reader.hear().await;
    assert_eq!(reader.read(), "written");
    assert_eq!(reader.refused(&reader.typed(0, "not ")).await.code, "read_only");
    let rename = json!([{ "id": id, "title": "Mine" }]);
    assert_eq!(grace.tab.ask_error("rename", rename.clone()).await.code, "read_only");
    assert_eq!(eve.tab.ask("rename", rename).await, json!(null));
    for event in ["delete", "share", "unshare", "link"] {
        let payload = json!([{ "id": id, "name": "Eve", "role": "reader", "user": grace.id }]);
        assert_eq!(eve.tab.ask_error(event, payload).await.code, "not_owner", "{event}");
    }
    assert_eq!(people(&grace.tab.ask("sharing", json!([{ "id": id }])).await), people(&sharing));
}

async fn a_role_that_is_changed_counts_at_once(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Grace").await);
    let id = created(&ada.tab, "Notes").await;
    ada.share(&id, "Grace", "editor").await;
    assert_eq!(grace.tab.next("role_changed").await, json!([{ "id": id, "role": "editor" }]));
    let hers = Paper::opened(&grace.tab, &id).await;
    hers.write(0, "before").await;
    assert_eq!(people(&ada.share(&id, "Grace", "reader").await), [entry("Grace", "reader", false)]);
    assert_eq!(grace.tab.next("role_changed").await, json!([{ "id": id, "role": "reader" }]));
    assert_eq!(hers.refused(&hers.typed(0, "after")).await.code, "read_only");
    assert_eq!(grace.tab.next("sharing_changed").await, json!([{ "id": id }]));
}

async fn whose_access_is_taken_away_is_put_out_of_all_tabs_at_once(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Grace").await);
    let other_tab = grace.client.connect("/documents").await;
    let id = created(&ada.tab, "Notes").await;
    ada.share(&id, "Grace", "editor").await;
    let mine = Paper::opened(&ada.tab, &id).await;
    let hers = [Paper::opened(&grace.tab, &id).await, Paper::opened(&other_tab, &id).await];
    assert_eq!(people(&ada.tab.ask("unshare", json!([{ "id": id, "user": grace.id }])).await), []);
    for paper in &hers {
        assert_eq!(paper.socket.next("document_removed").await, json!([{ "id": id, "reason": "access_removed" }]));
    }
    mine.write(0, "behind her back").await;
    ada.tab.ask("rename", json!([{ "id": id, "title": "Without her" }])).await;
    for paper in &hers {
        assert_eq!(paper.refused(&paper.typed(0, "x")).await.code, "no_such_document");
        assert_eq!(
            paper.socket.ask_error("cursor", json!([{ "id": id, "cursor": null }])).await.code,
            "no_such_document"
        );
        assert_eq!(paper.socket.ask("list", json!([])).await, json!([]));
        let heard = paper.socket.events_seen().await;
        let later = heard.iter().skip_while(|seen| seen.event != "document_removed").skip(1);
        let later: Vec<_> = later.filter(|seen| !seen.event.starts_with("presence_")).collect();
        assert!(later.is_empty(), "nothing more of the document: {later:?}");
    }
    assert_eq!(mine.read(), "behind her back");
}

async fn whoever_has_the_link_gets_in_until_it_is_removed(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Grace").await);
    let id = created(&ada.tab, "Notes").await;
    let link = ada.link(&id, json!("reader")).await;
    assert_eq!(link["key"].as_str().map(str::len), Some(32));
    let error = grace.tab.ask_error("join", json!([{ "id": id, "key": "0".repeat(32) }])).await;
    assert_eq!(error.code, "no_such_link");
    let joined = grace.join(&id, &link["key"]).await;
    assert_eq!((&joined["title"], &joined["role"]), (&json!("Notes"), &json!("reader")));
    assert_eq!(grace.tab.next("document_added").await[0]["document"]["id"], id);
    assert_eq!(grace.join(&id, &json!("who is in already needs no key")).await["role"], "reader");
    let hers = Paper::opened(&grace.tab, &id).await;
    assert_eq!(hers.refused(&hers.typed(0, "x")).await.code, "read_only");

    assert_eq!(ada.link(&id, json!(null)).await, json!(null));
    assert_eq!(grace.tab.next("document_removed").await, json!([{ "id": id, "reason": "access_removed" }]));
    let error = grace.tab.ask_error("join", json!([{ "id": id, "key": link["key"] }])).await;
    assert_eq!(error.code, "no_such_link", "the old one is void");
    let next = ada.link(&id, json!("reader")).await;
    assert_ne!(next["key"], link["key"], "and each new link is another one");
}

async fn the_link_is_shown_to_the_owner_only(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Grace").await);
    let id = created(&ada.tab, "Notes").await;
    ada.share(&id, "Grace", "editor").await;
    let link = ada.link(&id, json!("editor")).await;
    assert_eq!(ada.tab.ask("sharing", json!([{ "id": id }])).await["link"], link);
    assert_eq!(grace.tab.ask("sharing", json!([{ "id": id }])).await["link"], json!(null));
}

async fn another_role_of_the_link_is_one_of_those_who_came_by_it(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Grace").await);
    let id = created(&ada.tab, "Notes").await;
    let link = ada.link(&id, json!("reader")).await;
    grace.join(&id, &link["key"]).await;
    assert_eq!(grace.tab.next("role_changed").await[0]["role"], "reader");
    let changed = ada.link(&id, json!("editor")).await;
    assert_eq!(changed, json!({ "role": "editor", "key": link["key"] }), "it is still the same link");
    assert_eq!(grace.tab.next("role_changed").await[0]["role"], "editor");
    Paper::opened(&grace.tab, &id).await.write(0, "now").await;
}

async fn who_was_invited_stays_when_the_link_goes(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Grace").await);
    let id = created(&ada.tab, "Notes").await;
    let link = ada.link(&id, json!("reader")).await;
    grace.join(&id, &link["key"]).await;
    assert_eq!(people(&ada.share(&id, "Grace", "reader").await), [entry("Grace", "reader", false)]);
    ada.link(&id, json!(null)).await;
    assert_eq!(Paper::opened(&grace.tab, &id).await.read(), "");
}

async fn who_gives_up_access_is_gone_and_an_owner_cannot(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Grace").await);
    let id = created(&ada.tab, "Notes").await;
    ada.share(&id, "Grace", "reader").await;
    assert_eq!(grace.tab.ask("leave", json!([{ "id": id }])).await, json!(null));
    assert_eq!(grace.tab.next("document_removed").await, json!([{ "id": id, "reason": "left" }]));
    assert_eq!(people(&ada.tab.ask("sharing", json!([{ "id": id }])).await), []);
    assert_eq!(ada.tab.ask_error("leave", json!([{ "id": id }])).await.code, "owner_stays");
    assert_eq!(Paper::opened(&ada.tab, &id).await.read(), "");
}

async fn a_document_is_shared_with_so_many_and_no_more(world: World) {
    let documents = world.documents().set("app.documents.max_people=1").await;
    let ada = Person::new(&documents, "Ada").await;
    let (grace, eve) = (Person::new(&documents, "Grace").await, Person::new(&documents, "Eve").await);
    let id = created(&ada.tab, "Notes").await;
    ada.share(&id, "Grace", "reader").await;
    let share = json!([{ "id": id, "name": "Eve", "role": "reader" }]);
    assert_eq!(ada.tab.ask_error("share", share.clone()).await.code, "too_many_people");
    let link = ada.link(&id, json!("reader")).await;
    let join = json!([{ "id": id, "key": link["key"] }]);
    assert_eq!(eve.tab.ask_error("join", join).await.code, "too_many_people");
    assert_eq!(
        people(&ada.share(&id, "Grace", "editor").await),
        [entry("Grace", "editor", false)],
        "she is in already"
    );
    ada.tab.ask("unshare", json!([{ "id": id, "user": grace.id }])).await;
    assert_eq!(ada.tab.ask("share", share).await["people"][0]["name"], "Eve");
}

async fn who_does_not_exist_is_told(world: World) {
    let documents = world.documents().await;
    let ada = Person::new(&documents, "Ada").await;
    let id = created(&ada.tab, "Notes").await;
    let nobody = json!([{ "id": id, "name": "Nobody", "role": "reader" }]);
    assert_eq!(ada.tab.ask_error("share", nobody).await.code, "no_such_person");
    assert_eq!(people(&ada.share(&id, "Ada", "reader").await), [], "an owner is the owner");
    assert_eq!(ada.tab.ask("sharing", json!([{ "id": id }])).await["owner"]["name"], "Ada");
}

async fn only_who_had_access_is_put_out(world: World) {
    let documents = world.documents().await;
    let (ada, eve) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Eve").await);
    let id = created(&ada.tab, "Notes").await;
    let paper = Paper::opened(&ada.tab, &id).await;
    for user in [&ada.id, &eve.id] {
        assert_eq!(people(&ada.tab.ask("unshare", json!([{ "id": id, "user": user }])).await), []);
    }
    ada.tab.ask("cursor", json!([{ "id": id, "cursor": null }])).await;
    paper.write(0, "still here").await;
    for tab in [&ada.tab, &eve.tab] {
        let heard = tab.events_seen().await;
        assert!(
            heard.iter().all(|seen| !["document_removed", "cursor_moved"].contains(&seen.event.as_str())),
            "{heard:?}"
        );
    }
}

async fn who_is_put_out_hears_nothing_after_being_told(world: World) {
    let documents = world.documents().await;
    let (ada, grace) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Grace").await);
    for way in ["unshare", "delete"] {
        let tabs = [grace.client.connect("/documents").await, grace.client.connect("/documents").await];
        let id = created(&ada.tab, "Notes").await;
        ada.share(&id, "Grace", "editor").await;
        for tab in tabs.iter().chain([&ada.tab]) {
            Paper::opened(tab, &id).await;
        }
        ada.tab.ask(way, json!([{ "id": id, "user": grace.id }])).await;
        for tab in &tabs {
            assert_eq!(tab.next("document_removed").await[0]["id"], id);
            tab.ask("close", json!([{ "id": id }])).await;
            let heard = tab.events_seen().await;
            let room = format!("document:{}", id.as_str().expect("an id"));
            let later = heard.iter().skip_while(|seen| seen.event != "document_removed").skip(1);
            let later: Vec<_> = later.filter(|seen| seen.args[0]["room"] == room || seen.args[0]["id"] == id).collect();
            assert!(later.is_empty(), "{way}: {later:?}");
        }
    }
}

async fn a_link_that_is_removed_lets_nobody_in_at_the_same_moment(world: World) {
    let documents = world.documents().set("handlers.\"/documents\".join.rate_limit.per_user=1000/s");
    let documents = documents.set("handlers.\"/documents\".link.rate_limit.per_user=1000/s").await;
    let (ada, grace) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Grace").await);
    let id = created(&ada.tab, "Notes").await;
    for round in 0..100 {
        let link = ada.link(&id, json!("reader")).await;
        futures_util::join!(grace.join(&id, &link["key"]), ada.link(&id, json!(null)));
        assert_eq!(people(&ada.tab.ask("sharing", json!([{ "id": id }])).await), [], "round {round}");
    }
}

async fn who_is_put_out_at_the_same_moment_is_in_no_list(world: World) {
    let documents = world.documents().set("handlers.\"/documents\".share.rate_limit.per_user=1000/s");
    let documents = documents.set("handlers.\"/documents\".rename.rate_limit.per_user=1000/s");
    let documents = documents.set("handlers.\"/documents\".unshare.rate_limit.per_user=1000/s").await;
    let (ada, grace) = (Person::new(&documents, "Ada").await, Person::new(&documents, "Grace").await);
    let other_tab = ada.client.connect("/documents").await;
    let id = created(&ada.tab, "Notes").await;
    for round in 0..100 {
        let unshare = json!([{ "id": id, "user": grace.id }]);
        let (_, unshared) =
            futures_util::join!(ada.share(&id, "Grace", "reader"), other_tab.ask("unshare", unshare.clone()));
        if people(&ada.tab.ask("sharing", json!([{ "id": id }])).await).is_empty() {
            let title = format!("Secret {round}");
            ada.tab.ask("rename", json!([{ "id": id, "title": title }])).await;
            grace.tab.ask("close", json!([{ "id": id }])).await;
            let heard = grace.tab.events_seen().await;
            let told = heard.iter().any(|seen| seen.event == "document_changed" && seen.args[0]["title"] == title);
            assert!(!told, "round {round}: {unshared}");
        }
        ada.tab.ask("unshare", unshare).await;
    }
}
