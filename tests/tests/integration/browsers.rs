//! The harness for browsers: it sees what people see, and what goes wrong behind it.

use axum::{Router, http::header, response::Html, routing::get};
use lambdio_tests::{Look, Theme, World, failure_of, trials};
use std::net::SocketAddr;

trials![
    people_click_and_type_and_paste,
    everybody_has_cookies_of_their_own,
    a_page_that_does_nothing_wrong_passes,
    an_inline_script_fails_the_test,
    an_inline_style_fails_the_test,
    a_request_to_another_host_fails_the_test,
    an_exception_that_nobody_catches_fails_the_test,
    an_error_on_the_console_fails_the_test_that_does_not_expect_it,
    axe_finds_what_is_wrong_and_leaves_the_policy_in_force,
    axe_looks_at_both_themes,
    a_failure_shows_the_page,
    a_killed_browser_takes_nobody_else_along,
];

/// What pages are served with.
const POLICY: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'";

/// Serves one page at `/`, with a script and a style, until the test ends. Its address.
async fn page(body: &str, script: &'static str, style: &'static str) -> String {
    let html = format!(
        "<!doctype html><html lang=en><title>A page</title><link rel=icon href=/icon><link rel=stylesheet href=/style>\
         <script src=/script defer></script><main><h1>A page</h1>{body}</main></html>"
    );
    let policy = || (header::CONTENT_SECURITY_POLICY, POLICY);
    let routes = Router::new()
        .route("/", get(async move || ([policy()], Html(html))))
        .route("/icon", get(async || ""))
        .route("/script", get(async move || ([(header::CONTENT_TYPE, "text/javascript")], script)))
        .route("/style", get(async move || ([(header::CONTENT_TYPE, "text/css")], style)));
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound port has an address"));
    tokio::spawn(async { axum::serve(listener, routes).await });
    url
}

/// Why a test fails that only opens this page.
async fn failure(body: &'static str, script: &'static str) -> String {
    let visit = async move |world: World| {
        let url = page(body, script, "").await;
        let tab = world.browser("Ada", &url).await.open("/").await;
        tab.get("heading", "A page").appears().await;
        // what a page does at its beginning has been done when it is loaded
        tab.evaluate("Promise.resolve(globalThis.asked).then(() => new Promise((done) => setTimeout(done)))").await;
    };
    failure_of("browsers::visit", visit).await.unwrap_or_default()
}

async fn people_click_and_type_and_paste(world: World) {
    let body = "<label>Name <input id=name></label> <label>Text <textarea id=text></textarea></label>\
                <button id=say>Say</button> <p role=status id=status></p> <ul aria-label=Said id=said></ul>";
    let script = "const by = (id) => document.getElementById(id);
        by('say').onclick = () => {
          by('status').textContent = `${by('name').value}: ${by('text').value.length}`;
          by('said').append(Object.assign(document.createElement('li'), { textContent: by('name').value }));
        };";
    let url = page(body, script, "").await;
    let tab = world.browser("Ada", &url).await.open("/").await;
    tab.field("Name").fill("Ada").await;
    tab.field("Text").focus().await;
    tab.types("Dear Grace").await;
    tab.pastes(&"x".repeat(1024 * 1024)).await;
    tab.get("button", "Say").click().await;
    tab.role("status").reads(&format!("Ada: {}", 10 + 1024 * 1024)).await;
    tab.field("Name").has_value("Ada").await;
    tab.field("Name").fill("Grace").await;
    tab.get("button", "Say").click().await;
    assert_eq!(tab.get("list", "Said").items().await, ["Ada", "Grace"]);
    tab.get("button", "Other").vanishes().await;
    assert_eq!(tab.title().await, "A page");
    assert_eq!(tab.address().await, format!("{url}/"));
}

async fn everybody_has_cookies_of_their_own(world: World) {
    let url = page("", "document.cookie ||= `name=${Math.random()}`;", "").await;
    let (ada, grace) = (world.browser("Ada", &url).await, world.browser("Grace", &url).await);
    let (first, second, other) = (ada.open("/").await, ada.open("/").await, grace.open("/").await);
    let cookie = "document.cookie";
    assert_eq!(first.evaluate(cookie).await, second.evaluate(cookie).await);
    assert_ne!(first.evaluate(cookie).await, other.evaluate(cookie).await);
}

async fn a_page_that_does_nothing_wrong_passes(_: World) {
    assert_eq!(failure("<p>Good.</p>", "console.log('good')").await, "");
}

async fn an_inline_script_fails_the_test(_: World) {
    let failure = failure("<script>document.title = 'Mine'</script>", "").await;
    assert!(failure.contains("Ada at http"), "{failure}");
    assert!(failure.contains("Content-Security-Policy: script-src-elem forbids inline"), "{failure}");
}

async fn an_inline_style_fails_the_test(_: World) {
    let failure = failure("<p style='color: red'>Red.</p>", "").await;
    assert!(failure.contains("Content-Security-Policy: style-src-attr forbids inline"), "{failure}");
}

async fn a_request_to_another_host_fails_the_test(_: World) {
    let failure = failure("", "fetch('https://example.org/').catch(() => {})").await;
    assert!(failure.contains("Content-Security-Policy: connect-src forbids https://example.org/"), "{failure}");
    let away = failure_of("browsers::away", async |world: World| {
        let url = page("<a href=https://example.org/>Away</a>", "", "").await;
        let tab = world.browser("Ada", &url).await.open("/").await;
        tab.get("link", "Away").click().await;
        tab.text("ERR_NAME_NOT_RESOLVED").appears().await;
    });
    let away = away.await.unwrap_or_default();
    assert!(away.contains("a request to another host: GET https://example.org/"), "{away}");
}

async fn an_exception_that_nobody_catches_fails_the_test(_: World) {
    assert!(failure("", "null.length").await.contains("uncaught: TypeError"));
    assert!(failure("", "Promise.reject(new RangeError('far'))").await.contains("uncaught: RangeError: far"));
}

async fn an_error_on_the_console_fails_the_test_that_does_not_expect_it(world: World) {
    assert!(failure("", "console.error('the disk is full')").await.contains("on the console: the disk is full"));
    assert!(failure("<img alt='' src=/none>", "").await.contains("status of 404"));
    assert!(failure("", "globalThis.asked = fetch('/none')").await.contains("status of 404"));
    let url = page("", "fetch('/none')", "").await;
    let ada = world.browser("Ada", &url).await;
    ada.expects("status of 404").await;
    ada.open("/").await.get("heading", "A page").appears().await;
}

async fn axe_finds_what_is_wrong_and_leaves_the_policy_in_force(world: World) {
    let url = page("<button></button>", "", "").await;
    let tab = world.browser("Ada", &url).await.open("/").await;
    let found = tab.axe().await;
    assert!(found.len() == 1 && found[0].contains("button-name (critical)"), "{found:#?}");
    assert_eq!(tab.evaluate("typeof axe").await, "undefined", "the page does not see it");
    let forbidden = failure_of("browsers::forbidden", async |world: World| {
        let url = page("", "", "").await;
        let tab = world.browser("Ada", &url).await.open("/").await;
        assert_eq!(tab.axe().await, Vec::<String>::new());
        let script = "const script = document.createElement('script'); script.textContent = '0'; document.body.append(script); \
             new Promise((done) => setTimeout(done))";
        tab.evaluate(script).await;
    });
    assert!(forbidden.await.unwrap_or_default().contains("script-src-elem forbids inline"));
}

async fn axe_looks_at_both_themes(world: World) {
    let style = "@media (prefers-color-scheme: dark) { html { background: #222; } h1 { color: #444; } }";
    let url = page("", "", style).await;
    let tab = world.browser("Ada", &url).await.open("/").await;
    tab.look(Look::desktop(Theme::Light)).await;
    assert_eq!(tab.axe().await, Vec::<String>::new());
    tab.look(Look::phone(Theme::Dark)).await;
    let found = tab.axe().await;
    assert!(found.len() == 1 && found[0].contains("color-contrast (serious)"), "{found:#?}");
}

async fn a_failure_shows_the_page(_: World) {
    let failure = failure_of("browsers::blind", async |world: World| {
        let url = page("<button>Save</button><button>Save</button>", "", "").await;
        world.browser("Ada", &url).await.open("/").await.get("button", "Save").click().await;
    });
    let failure = failure.await.unwrap_or_default();
    for text in ["browsers.rs:", "Ada's page", "strict mode violation", "- heading \"A page\""] {
        assert!(failure.contains(text), "no {text:?} in {failure}");
    }
}

async fn a_killed_browser_takes_nobody_else_along(world: World) {
    let url = page("", "", "").await;
    let (ada, grace) = (world.browser("Ada", &url).await, world.browser_in_own_process("Grace", &url).await);
    let (hers, _other) = (ada.open("/").await, grace.open("/").await);
    grace.kill().await;
    hers.get("heading", "A page").appears().await;
}
