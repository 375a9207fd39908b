//! Every page as somebody meets it, with something on it.

use super::{OFFLINE, READING, SAVED, create, fill_in, open, path, says, share, somebody, text};
use lambdio_tests::{Page, World};

/// What Ada and Grace write.
const LETTER: &str = "The Analytical Engine has no pretensions whatever to originate anything. It can do whatever we know how to order it to perform.

Its province is to assist us in making available what we are already acquainted with. This it is calculated to effect primarily and chiefly, of course, through its executive faculties.

But it is likely to exert an indirect and reciprocal influence on science itself in another manner. ";

/// The pages of accounts. `show` is called with each of them and its name.
pub async fn of_accounts(world: World, show: impl AsyncFn(&Page, &str)) {
    let server = world.documents().await;
    let stranger = server.browser("A stranger").await;
    stranger.expects("status of 4").await;
    let page = stranger.open("/register").await;
    show(&page, "register").await;
    page.go("/login").await;
    page.get("button", "Log in").appears().await;
    show(&page, "login").await;
    page.get("button", "Log in").click().await;
    page.role("alert").having("Enter your name.").appears().await;
    show(&page, "login-problem").await;
    page.go("/nothing").await;
    page.get("heading", "There is no such page").appears().await;
    show(&page, "404").await;

    let ada = somebody(&server, "Ada Lovelace").await;
    let page = ada.open("/").await;
    page.get("region", "Online").role("list").lists(["Ada"]).await;
    show(&page, "list-empty").await;
    let phone = server.browser("Ada on a phone").await.open("/login").await;
    fill_in(&phone, "Ada Lovelace", "Log in").await;
    phone.get("heading", "Documents").appears().await;
    page.go("/account").await;
    page.get("list", "Sessions").lists(["this session", "End session"]).await;
    show(&page, "account").await;
}

/// The list with something in it, and what is left of a document for somebody who is put out.
pub async fn of_lists(world: World, show: impl AsyncFn(&Page, &str)) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada Lovelace").await, somebody(&server, "Grace Hopper").await);
    let theirs = grace.open("/").await;
    create_and_return(&theirs, &["Compilers, a talk"], "Ada Lovelace").await;
    let page = ada.open("/").await;
    create_and_return(&page, &["Letters", "Bernoulli numbers"], "Grace Hopper").await;
    open(&page, "Bernoulli numbers").await;
    theirs.go(&path(&page).await).await;
    let list = ada.open("/").await;
    list.get("list", "Documents").text("2 people here").appears().await;
    show(&list, "list").await;
    list.get("button", "Delete Letters").click().await;
    list.role("dialog").get("button", "Delete").appears().await;
    show(&list, "list-delete").await;
    page.get("button", "Share").click().await;
    page.get("dialog", "Share").get("button", "Remove Grace Hopper").click().await;
    theirs.get("heading", "You no longer have access to this document").appears().await;
    show(&theirs, "document-gone").await;
}

/// The page of a document. `show` is called with each of its states and the state's name.
pub async fn of_documents(world: World, show: impl AsyncFn(&Page, &str)) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada Lovelace").await, somebody(&server, "Grace Hopper").await);
    let page = ada.open("/").await;
    create(&page, "Bernoulli numbers").await;
    share(&page, "Grace Hopper", "can edit").await;
    let theirs = grace.open(&path(&page).await).await;
    text(&page).focus().await;
    page.pastes(LETTER).await;
    says(&page, SAVED).await;
    text(&theirs).is_written(LETTER).await;
    text(&theirs).focus().await;
    theirs.presses("ControlOrMeta+Home").await;
    for _ in 0..30 {
        theirs.presses("ArrowRight").await;
    }
    page.css(".cursor-name").having("Grace").appears().await;
    page.get("list", "People here").lists(["Ada", "Grace"]).await;
    theirs.presses("ArrowRight").await;
    show(&page, "document").await;
    page.get("button", "Share").click().await;
    let dialog = page.get("dialog", "Share");
    dialog.get("combobox", "Link").select("can read").await;
    dialog.get("textbox", "Link").appears().await;
    show(&page, "share").await;
    dialog.get("combobox", "Role of Grace Hopper").select("can read").await;
    says(&theirs, READING).await;
    show(&theirs, "document-reading").await;
    dialog.get("button", "Done").click().await;
    for browser in [&ada, &grace] {
        browser.expects_no_network().await;
    }
    server.kill();
    says(&page, OFFLINE).await;
    show(&page, "document-offline").await;
}

/// Creates documents, gives somebody access to each, and comes back to the list.
async fn create_and_return(list: &Page, titles: &[&str], with: &str) {
    for title in titles {
        create(list, title).await;
        share(list, with, "can edit").await;
        list.go("/").await;
        list.get("link", title).appears().await;
    }
}
