//! The pages of the reference application, as people use them.

mod accounts;
mod addresses;
mod looks;
mod network;
mod presence;
mod sharing;
mod sources;
mod tour;
mod writing;

use lambdio_tests::{Browser, Element, PASSWORD, Page, Server, Trial};
use serde_json::{Value, json};

/// The tests of the pages.
pub fn trials() -> Vec<Trial> {
    [
        accounts::trials(),
        addresses::trials(),
        looks::trials(),
        network::trials(),
        presence::trials(),
        sharing::trials(),
        sources::trials(),
        writing::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the document's page says of what was typed.
const SAVING: &str = "Saving…";
const SAVED: &str = "Saved";
const READING: &str = "Reading only";
const OFFLINE: &str = "Offline: your changes are kept on this device";

/// Somebody with an account, who has not opened a page yet.
async fn somebody(server: &Server, name: &str) -> Browser {
    with_account(server.browser(name).await).await
}

/// Gives somebody an account of their name, in which their browser is logged in.
async fn with_account(browser: Browser) -> Browser {
    let account = json!({ "name": browser.name(), "password": PASSWORD });
    let answer = browser.post("/auth/register", account).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    browser
}

/// Fills in the form of `/register` or `/login`, and sends it.
async fn fill_in(page: &Page, name: &str, button: &str) {
    page.field("Name").fill(name).await;
    page.field("Password").fill(PASSWORD).await;
    page.get("button", button).click().await;
}

/// Creates a document in the list, and leaves the list for it.
async fn create(list: &Page, title: &str) {
    list.get("textbox", "Title of the new document").fill(title).await;
    list.get("button", "Create").click().await;
    open(list, title).await;
}

/// Leaves the list for a document in it.
async fn open(list: &Page, title: &str) {
    list.get("link", title).click().await;
    text(list).appears().await;
}

/// The editor.
fn text(document: &Page) -> Element {
    document.get("textbox", "Text")
}

/// Waits until the document's page says this of what was typed.
async fn says(document: &Page, status: &str) {
    document.css("#status").reads(status).await;
}

/// Gives somebody access, in the dialog, which is closed again.
async fn share(document: &Page, name: &str, role: &str) {
    document.get("button", "Share").click().await;
    let dialog = document.get("dialog", "Share");
    dialog.field("Name").fill(name).await;
    dialog.field("Role").select(role).await;
    dialog.get("button", "Add").click().await;
    dialog.get("combobox", &format!("Role of {name}")).appears().await;
    dialog.get("button", "Done").click().await;
    dialog.vanishes().await;
}

/// The path of the page, with query and fragment.
async fn path(page: &Page) -> String {
    let address = page.address().await;
    let path = address.splitn(4, '/').nth(3);
    format!("/{}", path.unwrap_or_else(|| panic!("no path in {address}")))
}

/// Two people with a document of the first one's open, which the second may edit.
async fn pair(ada: &Browser, grace: &Browser) -> (Page, Page) {
    let hers = ada.open("/").await;
    create(&hers, "Notes").await;
    share(&hers, grace.name(), "can edit").await;
    let theirs = grace.open(&path(&hers).await).await;
    text(&theirs).appears().await;
    (hers, theirs)
}

/// How many things the browser keeps in its databases for this page's origin.
async fn kept(page: &Page) -> Value {
    let count = "(async () => {
        let sum = 0;
        for (const { name } of await indexedDB.databases()) {
          const done = (request) => new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          const database = await done(indexedDB.open(name));
          for (const store of database.objectStoreNames) sum += await done(database.transaction(store).objectStore(store).count());
          database.close();
        }
        return sum;
      })()";
    page.evaluate(count).await
}
