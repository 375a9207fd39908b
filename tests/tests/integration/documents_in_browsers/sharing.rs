//! Who may see and write what.

use super::{READING, SAVED, create, kept, open, pair, path, says, share, somebody, text};
use lambdio_tests::{Page, World, eventually, trials};

trials![
    somebody_whose_access_is_taken_away_is_put_out_at_once,
    a_reader_reads_along_and_cannot_type,
    somebody_comes_by_a_link_until_it_is_turned_off,
    a_deleted_document_is_gone_for_everybody,
    somebody_leaves_a_document,
    without_access_there_is_no_such_document,
];

/// Waits until the page has nothing of the document and says why; nor does this browser keep any of it.
async fn is_out(page: &Page, why: &str) {
    page.get("heading", why).appears().await;
    text(page).vanishes().await;
    page.get("link", "To the list").appears().await;
    eventually("the browser keeps nothing of it", async || (kept(page).await == 0).then_some(())).await;
}

async fn somebody_whose_access_is_taken_away_is_put_out_at_once(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let (hers, theirs) = pair(&ada, &grace).await;
    text(&hers).focus().await;
    hers.types("Between us.").await;
    text(&theirs).is_written("Between us.").await;
    let list = grace.open("/").await;
    list.get("link", "Notes").appears().await;

    hers.get("button", "Share").click().await;
    let dialog = hers.get("dialog", "Share");
    dialog.get("button", "Remove Grace").click().await;
    is_out(&theirs, "You no longer have access to this document").await;
    list.get("link", "Notes").vanishes().await;
    dialog.get("button", "Remove Grace").vanishes().await;
    dialog.get("button", "Done").click().await;
    hers.get("list", "People here").lists(["Ada"]).await;
    theirs.get("link", "To the list").click().await;
    theirs.get("heading", "Documents").appears().await;
}

async fn a_reader_reads_along_and_cannot_type(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let hers = ada.open("/").await;
    create(&hers, "Notes").await;
    share(&hers, "Grace", "can read").await;
    let theirs = grace.open("/").await;
    open(&theirs, "Notes").await;
    says(&theirs, READING).await;
    theirs.get("heading", "Notes").appears().await;
    text(&hers).focus().await;
    hers.types("Read this.").await;
    text(&theirs).is_written("Read this.").await;
    text(&theirs).click().await;
    theirs.types("No.").await;
    theirs.pastes("No.").await;
    hers.types(" And this.").await;
    text(&theirs).is_written("Read this. And this.").await;
    text(&hers).is_written("Read this. And this.").await;

    hers.get("button", "Share").click().await;
    hers.get("combobox", "Role of Grace").select("can edit").await;
    theirs.get("textbox", "Title").has_value("Notes").await;
    says(&theirs, SAVED).await;
    text(&theirs).focus().await;
    theirs.presses("ControlOrMeta+End").await;
    theirs.types(" Yes.").await;
    text(&hers).is_written("Read this. And this. Yes.").await;
    hers.get("combobox", "Role of Grace").select("can read").await;
    says(&theirs, READING).await;
}

/// Turns the link on or off in the dialog, which stays open, and gives the path that it leads to.
async fn link(document: &Page, role: &str) -> String {
    document.get("button", "Share").click().await;
    let dialog = document.get("dialog", "Share");
    dialog.get("combobox", "Link").select(role).await;
    let address = dialog.get("textbox", "Link");
    address.appears().await;
    // it says so for two seconds
    let (copy, copied) = (dialog.get("button", "Copy link"), dialog.get("button", "Copied"));
    futures_util::join!(copied.appears(), copy.click());
    let address = address.value().await;
    assert_eq!(document.evaluate("navigator.clipboard.readText()").await, *address);
    format!("/{}", address.splitn(4, '/').nth(3).expect("an address with a path"))
}

async fn somebody_comes_by_a_link_until_it_is_turned_off(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, server.browser("Grace").await);
    let hers = ada.open("/").await;
    create(&hers, "Notes").await;
    text(&hers).focus().await;
    hers.types("Come in.").await;
    let link = link(&hers, "can edit").await;

    let theirs = grace.open(&link).await;
    theirs.comes_to("/login?next=").await;
    // by the script, which also leads the link on
    theirs.get("button", "Show").appears().await;
    theirs.get("link", "Create an account").click().await;
    theirs.comes_to("/register?next=").await;
    super::fill_in(&theirs, "Grace", "Register").await;
    text(&theirs).is_written("Come in.").await;
    assert!(!theirs.address().await.contains('#'), "the key stays in the address");
    text(&theirs).focus().await;
    theirs.presses("ControlOrMeta+End").await;
    theirs.types(" Thank you.").await;
    text(&hers).is_written("Come in. Thank you.").await;

    hers.get("dialog", "Share").get("combobox", "Link").select("off").await;
    is_out(&theirs, "You no longer have access to this document").await;
    theirs.go(&link).await;
    is_out(&theirs, "This link does not work").await;
}

async fn a_deleted_document_is_gone_for_everybody(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let (hers, theirs) = pair(&ada, &grace).await;
    let list = ada.open("/").await;
    list.get("button", "Delete Notes").click().await;
    let dialog = list.role("dialog");
    dialog.get("button", "Delete").click().await;
    is_out(&theirs, "This document was deleted").await;
    is_out(&hers, "This document was deleted").await;
    list.get("link", "Notes").vanishes().await;
}

async fn somebody_leaves_a_document(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let (hers, theirs) = pair(&ada, &grace).await;
    let list = grace.open("/").await;
    list.get("button", "Leave Notes").click().await;
    list.role("dialog").get("button", "Leave").click().await;
    is_out(&theirs, "You have left this document").await;
    hers.get("list", "People here").lists(["Ada"]).await;
}

async fn without_access_there_is_no_such_document(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let hers = ada.open("/").await;
    create(&hers, "Notes").await;
    let theirs = grace.open(&path(&hers).await).await;
    is_out(&theirs, "There is no such document").await;
}
