//! Writing together.

use super::{SAVED, create, fill_in, open, pair, path, says, share, somebody, text};
use lambdio_tests::{World, eventually, trials};

trials![
    two_people_write_one_document_together,
    a_megabyte_is_pasted_and_arrives,
    a_new_title_shows_everywhere,
    what_was_typed_is_undone_and_what_others_typed_stays,
];

async fn two_people_write_one_document_together(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (server.browser("Ada").await, server.browser("Grace").await);
    let (hers, theirs) = (ada.open("/register").await, grace.open("/register").await);
    for (page, name) in [(&hers, "Ada"), (&theirs, "Grace")] {
        fill_in(page, name, "Register").await;
        page.get("heading", "Documents").appears().await;
    }
    hers.get("region", "Online").role("list").lists(["Ada", "Grace"]).await;

    create(&hers, "Notes").await;
    share(&hers, "Grace", "can edit").await;
    theirs.get("list", "Documents").role("listitem").having("Notes").having("1 person here").appears().await;
    open(&theirs, "Notes").await;
    for page in [&hers, &theirs] {
        page.get("list", "People here").lists(["Ada", "Grace"]).await;
    }
    let list = ada.open("/").await;
    list.get("list", "Documents").text("2 people here").appears().await;

    text(&hers).focus().await;
    hers.types("Dear Grace,").await;
    text(&theirs).is_written("Dear Grace,").await;
    theirs.css(".cursor-name").having("Ada").appears().await;
    text(&theirs).focus().await;
    let (letters, others) = ("a".repeat(30), "g".repeat(30));
    futures_util::join!(hers.types(&letters), theirs.types(&others));
    hers.css(".cursor-name").having("Grace").appears().await;
    for page in [&hers, &theirs] {
        says(page, SAVED).await;
    }
    eventually("both have the same text", async || {
        let (one, other) = (text(&hers).written().await, text(&theirs).written().await);
        (one == other && one.len() == 11 + 60).then_some(())
    })
    .await;
    let written = text(&hers).written().await;
    let count = |letter| written.matches(letter).count();
    assert_eq!((count('a') - 2, count('g')), (30, 30), "{written}");

    let download = ada.request("GET", &format!("/documents/{}/text", id(&path(&hers).await))).await;
    assert_eq!((download.status, download.text), (200, written));
    hers.get("button", "Log out").click().await;
    hers.comes_to("/login").await;
    theirs.get("list", "People here").lists(["Grace"]).await;
    list.comes_to("/login").await;
}

/// The document's id in the path of its page.
fn id(path: &str) -> &str {
    path.split_once("id=").map_or(path, |(_, id)| id)
}

async fn a_megabyte_is_pasted_and_arrives(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let (hers, theirs) = pair(&ada, &grace).await;
    let mut pasted = "A line of a long story, and what comes after is longer.\n".repeat(20 * 1024);
    pasted.truncate(1024 * 1024);
    text(&hers).focus().await;
    hers.pastes(&pasted).await;
    says(&hers, SAVED).await;
    let download = format!("/documents/{}/text", id(&path(&hers).await));
    assert!(ada.request("GET", &download).await.text == pasted, "what is stored is another text");
    // it comes whole
    let is_there = async || text(&theirs).written().await.starts_with("A line of a long story").then_some(());
    eventually("it is on the other page", is_there).await;
    text(&theirs).focus().await;
    theirs.presses("ControlOrMeta+Home").await;
    theirs.types("First of all: ").await;
    says(&theirs, SAVED).await;
    assert!(ada.request("GET", &download).await.text == format!("First of all: {pasted}"), "it has not arrived whole");
}

async fn a_new_title_shows_everywhere(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let (hers, theirs) = pair(&ada, &grace).await;
    let list = grace.open("/").await;
    hers.get("textbox", "Title").fill("Notes on engines").await;
    hers.presses("Enter").await;
    theirs.get("textbox", "Title").has_value("Notes on engines").await;
    list.get("link", "Notes on engines").appears().await;
    assert_eq!(theirs.title().await, "Notes on engines · Documents");
}

async fn what_was_typed_is_undone_and_what_others_typed_stays(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let (hers, theirs) = pair(&ada, &grace).await;
    text(&hers).focus().await;
    // at once: what is typed with a pause is undone in parts
    hers.pastes("Mine").await;
    text(&theirs).is_written("Mine").await;
    text(&theirs).focus().await;
    theirs.presses("ControlOrMeta+End").await;
    theirs.types(" and yours").await;
    text(&hers).is_written("Mine and yours").await;
    hers.presses("ControlOrMeta+z").await;
    for page in [&hers, &theirs] {
        text(page).is_written(" and yours").await;
    }
    hers.presses("ControlOrMeta+Shift+Z").await;
    text(&theirs).is_written("Mine and yours").await;
}
