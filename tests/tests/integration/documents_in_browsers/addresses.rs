//! Addresses that lead nowhere, and that must not lead elsewhere.

use super::{fill_in, somebody};
use lambdio_tests::{World, trials};

trials![an_unknown_address_is_a_page_that_says_so, a_log_in_leads_to_no_other_host];

async fn an_unknown_address_is_a_page_that_says_so(world: World) {
    let server = world.documents().await;
    let ada = server.browser("Ada").await;
    ada.expects("status of 404").await;
    let page = ada.open("/login").await;
    assert_eq!(page.go("/nothing/here").await, Some(404));
    page.get("heading", "There is no such page").appears().await;
    page.get("link", "To the list").click().await;
    page.comes_to("/login").await;
}

async fn a_log_in_leads_to_no_other_host(world: World) {
    let server = world.documents().await;
    somebody(&server, "Ada").await;
    for (number, next) in [
        "https://example.org/",
        "//example.org/",
        "/\\example.org/",
        "/%09/example.org",
        "javascript:alert(1)",
        "/\t/example.org",
    ]
    .iter()
    .enumerate()
    {
        let browser = server.browser(&format!("Ada, {number}")).await;
        let page = browser.open(&format!("/login?next={}", encoded(next))).await;
        fill_in(&page, "Ada", "Log in").await;
        page.get("heading", "Documents").appears().await;
        assert_eq!(page.address().await, format!("{}/", server.url()), "{next}");
    }
}

/// Percent-encoded, but for what this test wants decoded by the page.
fn encoded(next: &str) -> String {
    next.replace('\t', "%09").replace('\\', "%5C")
}
