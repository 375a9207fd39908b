//! Who is there.

use super::{pair, path, somebody, text, with_account};
use lambdio_tests::{World, trials};

trials![a_killed_browser_is_not_there_any_more, several_tabs_are_one_person, a_closed_tab_takes_its_cursor_along];

async fn a_killed_browser_is_not_there_any_more(world: World) {
    // what the network does not tell is found by heartbeats
    let program = world.documents().set("socketio.ping_interval=1s").set("socketio.ping_timeout=3s");
    let server = program.await;
    let ada = somebody(&server, "Ada").await;
    let grace = with_account(world.browser_in_own_process("Grace", server.url()).await).await;
    let (hers, theirs) = pair(&ada, &grace).await;
    let list = ada.open("/").await;
    text(&theirs).focus().await;
    theirs.types("Here I am.").await;
    hers.css(".cursor-name").having("Grace").appears().await;
    list.get("region", "Online").role("list").lists(["Ada", "Grace"]).await;
    grace.kill().await;
    hers.get("list", "People here").lists(["Ada"]).await;
    hers.css(".cursor-name").having("Grace").vanishes().await;
    list.get("region", "Online").role("list").lists(["Ada"]).await;
    list.get("list", "Documents").text("1 person here").appears().await;
}

async fn several_tabs_are_one_person(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let (hers, theirs) = pair(&ada, &grace).await;
    let list = grace.open("/").await;
    let other = grace.open(&path(&theirs).await).await;
    text(&other).appears().await;
    for page in [&hers, &theirs, &other] {
        page.get("list", "People here").lists(["Ada", "Grace"]).await;
    }
    list.get("list", "Documents").text("2 people here").appears().await;
    list.get("region", "Online").role("list").lists(["Ada", "Grace"]).await;
    text(&theirs).focus().await;
    theirs.types("In one tab, ").await;
    text(&other).is_written("In one tab, ").await;
    theirs.close().await;
    text(&other).focus().await;
    other.presses("ControlOrMeta+End").await;
    other.types("and in the other.").await;
    text(&hers).is_written("In one tab, and in the other.").await;
    hers.get("list", "People here").lists(["Ada", "Grace"]).await;
    other.close().await;
    hers.get("list", "People here").lists(["Ada"]).await;
    list.get("list", "Documents").text("1 person here").appears().await;
    list.get("region", "Online").role("list").lists(["Ada", "Grace"]).await;
}

async fn a_closed_tab_takes_its_cursor_along(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let (hers, theirs) = pair(&ada, &grace).await;
    text(&theirs).focus().await;
    theirs.types("Here.").await;
    hers.css(".cursor-name").having("Grace").appears().await;
    theirs.close().await;
    hers.css(".cursor-name").having("Grace").vanishes().await;
}
