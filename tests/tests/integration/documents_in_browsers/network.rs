//! Writing while the network is away, or keeps what the server says.

use super::{OFFLINE, SAVED, SAVING, create, kept, pair, path, says, somebody, text, with_account};
use lambdio_tests::{Page, Program, Proxy, Server, World, eventually, trials};
use serde_json::json;
use std::sync::Arc;

trials![
    what_both_type_while_one_is_cut_off_merges_when_the_network_is_back,
    saved_shows_only_when_the_server_has_answered,
    an_answer_that_is_lost_loses_nothing_and_doubles_nothing,
    what_was_typed_without_a_network_is_there_after_a_reload,
    what_was_typed_while_the_server_was_away_is_saved_when_it_is_back,
    who_logs_out_with_changes_on_this_device_only_is_asked,
];

/// The application, and a network that will lead to it, whose address it takes for one of its own.
async fn behind_a_proxy(world: &World) -> (Arc<Proxy>, Program) {
    let proxy = Proxy::to("127.0.0.1:1").await;
    let program = world.documents().set(&format!("socketio.origins=[\"{}\"]", proxy.url()));
    (proxy, program)
}

async fn started(program: Program, proxy: &Proxy) -> Server {
    let server = program.await;
    proxy.lead_to(server.address());
    server
}

/// Waits until this browser keeps what was typed: the page has no reason to warn somebody who leaves it.
async fn is_kept(page: &Page) {
    eventually("what was typed is kept", async || {
        let leaves = page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))").await;
        (leaves == true).then_some(())
    })
    .await;
}

/// Waits until this browser can show the page without a network.
async fn is_installed(page: &Page) {
    page.evaluate("navigator.serviceWorker.ready.then(() => null)").await;
}

async fn what_both_type_while_one_is_cut_off_merges_when_the_network_is_back(world: World) {
    let (proxy, program) = behind_a_proxy(&world).await;
    let server = started(program, &proxy).await;
    let ada = somebody(&server, "Ada").await;
    let grace = with_account(world.browser("Grace", &proxy.url()).await).await;
    let (hers, theirs) = pair(&ada, &grace).await;
    text(&hers).focus().await;
    hers.types("Begun. ").await;
    text(&theirs).is_written("Begun. ").await;

    grace.expects_no_network().await;
    proxy.cut();
    says(&theirs, OFFLINE).await;
    hers.get("list", "People here").lists(["Ada"]).await;
    text(&theirs).focus().await;
    theirs.presses("ControlOrMeta+End").await;
    theirs.types("Grace was away. ").await;
    hers.types("Ada was here. ").await;
    says(&hers, SAVED).await;
    assert_eq!(text(&theirs).written().await, "Begun. Grace was away. ");

    proxy.mend().await;
    says(&theirs, SAVED).await;
    grace.expects_a_network().await;
    hers.get("list", "People here").lists(["Ada", "Grace"]).await;
    eventually("both have the same text", async || {
        let (one, other) = (text(&hers).written().await, text(&theirs).written().await);
        let whole = ["Begun. ", "Grace was away. ", "Ada was here. "].iter().all(|part| one.contains(part));
        (one == other && whole).then_some(())
    })
    .await;
}

async fn saved_shows_only_when_the_server_has_answered(world: World) {
    let (proxy, program) = behind_a_proxy(&world).await;
    let server = started(program, &proxy).await;
    let ada = with_account(world.browser("Ada", &proxy.url()).await).await;
    let grace = somebody(&server, "Grace").await;
    let (hers, theirs) = pair(&ada, &grace).await;
    says(&hers, SAVED).await;
    hers.evaluate(
        "{ window.shown = [];
           const status = document.getElementById('status');
           new MutationObserver(() => shown.push(status.textContent)).observe(status, { childList: true, subtree: true, characterData: true });
         }",
    )
    .await;
    proxy.withhold();
    text(&hers).focus().await;
    // in one go, as the page sends one update at a time
    hers.pastes("Is it safe?").await;
    text(&theirs).is_written("Is it safe?").await;
    says(&hers, SAVING).await;
    assert_eq!(hers.evaluate("shown").await, json!([SAVING]), "the server has it, and the page cannot know");
    proxy.release();
    says(&hers, SAVED).await;
}

async fn an_answer_that_is_lost_loses_nothing_and_doubles_nothing(world: World) {
    let (proxy, program) = behind_a_proxy(&world).await;
    let server = started(program, &proxy).await;
    let ada = with_account(world.browser("Ada", &proxy.url()).await).await;
    let grace = somebody(&server, "Grace").await;
    let (hers, theirs) = pair(&ada, &grace).await;
    says(&hers, SAVED).await;
    ada.expects_no_network().await;
    proxy.withhold();
    text(&hers).focus().await;
    hers.pastes("Once.").await;
    text(&theirs).is_written("Once.").await;
    says(&hers, SAVING).await;
    proxy.cut();
    says(&hers, OFFLINE).await;
    hers.types(" Twice.").await;
    proxy.release();
    proxy.mend().await;
    says(&hers, SAVED).await;
    for page in [&hers, &theirs] {
        text(page).is_written("Once. Twice.").await;
    }
}

async fn what_was_typed_without_a_network_is_there_after_a_reload(world: World) {
    let (proxy, program) = behind_a_proxy(&world).await;
    let server = started(program, &proxy).await;
    let ada = with_account(world.browser("Ada", &proxy.url()).await).await;
    let grace = somebody(&server, "Grace").await;
    let (hers, theirs) = pair(&ada, &grace).await;
    text(&hers).focus().await;
    hers.types("With a network. ").await;
    says(&hers, SAVED).await;
    is_installed(&hers).await;

    ada.expects_no_network().await;
    proxy.cut();
    says(&hers, OFFLINE).await;
    hers.types("Without one.").await;
    is_kept(&hers).await;
    hers.reload().await;
    text(&hers).is_written("With a network. Without one.").await;
    says(&hers, OFFLINE).await;
    text(&hers).focus().await;
    hers.presses("ControlOrMeta+End").await;
    hers.types(" And after a reload.").await;
    text(&theirs).is_written("With a network. ").await;

    proxy.mend().await;
    says(&hers, SAVED).await;
    text(&theirs).is_written("With a network. Without one. And after a reload.").await;
}

async fn what_was_typed_while_the_server_was_away_is_saved_when_it_is_back(world: World) {
    let (proxy, program) = behind_a_proxy(&world).await;
    let server = started(program.clone(), &proxy).await;
    let ada = with_account(world.browser("Ada", &proxy.url()).await).await;
    let page = ada.open("/").await;
    create(&page, "Notes").await;
    text(&page).focus().await;
    page.types("Before. ").await;
    says(&page, SAVED).await;
    ada.expects_no_network().await;
    server.kill();
    says(&page, OFFLINE).await;
    page.types("Meanwhile. ").await;
    drop(server);

    let _server = started(program, &proxy).await;
    says(&page, SAVED).await;
    page.types("After.").await;
    says(&page, SAVED).await;
    let again = ada.open(&path(&page).await).await;
    text(&again).is_written("Before. Meanwhile. After.").await;
}

async fn who_logs_out_with_changes_on_this_device_only_is_asked(world: World) {
    let (proxy, program) = behind_a_proxy(&world).await;
    let server = started(program.clone(), &proxy).await;
    let ada = with_account(world.browser("Ada", &proxy.url()).await).await;
    let page = ada.open("/").await;
    create(&page, "Notes").await;
    text(&page).focus().await;
    page.types("Saved. ").await;
    says(&page, SAVED).await;
    ada.expects_no_network().await;
    server.kill();
    says(&page, OFFLINE).await;
    drop(server);
    // as long as documents can only be read, nothing is saved
    let server = started(program.clone().set("app.documents.read_only=true"), &proxy).await;
    says(&page, SAVED).await;
    page.types("Not saved.").await;
    says(&page, SAVING).await;
    is_kept(&page).await;
    page.get("button", "Log out").click().await;
    let dialog = page.role("dialog");
    page.role("dialog").having("1 document").appears().await;
    dialog.get("button", "Cancel").click().await;
    dialog.vanishes().await;
    assert_eq!(text(&page).written().await, "Saved. Not saved.");

    server.kill();
    drop(server);
    let _server = started(program, &proxy).await;
    says(&page, SAVED).await;
    page.get("button", "Log out").click().await;
    page.comes_to("/login").await;
    assert_eq!(kept(&page).await, 0, "what is saved is not kept on this device");
}
