//! Registering, logging in and out, and the account.

use super::{SAVED, create, fill_in, kept, pair, says, somebody, text};
use lambdio_tests::{PASSWORD, Page, World, trials};

trials![
    who_registers_writes_and_logs_out_needs_no_mouse,
    what_is_wrong_in_a_form_is_told,
    who_types_before_the_scripts_are_there_goes_on_typing,
    the_blank_that_phones_put_behind_a_name_does_not_matter,
    who_logs_in_is_where_they_wanted_to_be,
    a_log_out_ends_the_other_tabs_and_leaves_nothing,
    a_log_out_everywhere_ends_the_other_browser_at_once,
    the_account_ends_one_session,
    a_new_password_ends_the_other_sessions,
];

/// Goes on from field to field until this one has the focus.
async fn tab_to(page: &Page, role: &str, name: &str) {
    const MOST: usize = 30;
    for _ in 0..MOST {
        page.presses("Tab").await;
        if page.get(role, name).has_focus().await {
            return;
        }
    }
    panic!("no {role} {name:?} gets the focus by Tab:\n{}", page.sight().await);
}

async fn who_registers_writes_and_logs_out_needs_no_mouse(world: World) {
    let server = world.documents().await;
    let page = server.browser("Ada").await.open("/register").await;
    page.field("Name").gets_focus().await;
    page.types("Ada").await;
    page.presses("Tab").await;
    page.field("Password").gets_focus().await;
    page.types(PASSWORD).await;
    page.presses("Enter").await;
    page.get("heading", "Documents").appears().await;
    page.get("link", "Ada").appears().await;

    tab_to(&page, "link", "Skip to the content").await;
    page.presses("Enter").await;
    tab_to(&page, "textbox", "Title of the new document").await;
    page.types("Notes").await;
    page.presses("Enter").await;
    page.get("link", "Notes").gets_focus().await;
    page.presses("Enter").await;
    text(&page).gets_focus().await;
    page.types("By hand.").await;
    says(&page, SAVED).await;
    page.presses("Shift+Tab").await;
    page.get("textbox", "Title").gets_focus().await;
    page.presses("Shift+Tab").await;
    page.get("button", "Share").gets_focus().await;
    page.presses("Enter").await;
    page.get("dialog", "Share").get("list", "People with access").appears().await;
    tab_to(&page, "textbox", "Name").await;
    page.presses("Escape").await;
    page.get("button", "Share").gets_focus().await;
    for _ in 0..2 {
        page.presses("Shift+Tab").await;
    }
    page.get("button", "Log out").gets_focus().await;
    page.presses("Enter").await;
    page.comes_to("/login").await;
}

async fn what_is_wrong_in_a_form_is_told(world: World) {
    let server = world.documents().await;
    somebody(&server, "Ada").await;
    let page = server.browser("Eve").await;
    page.expects("status of 4").await;
    let page = page.open("/login").await;
    page.get("button", "Log in").click().await;
    page.role("alert").having("Enter your name.").appears().await;
    page.field("Name").fill("Ada").await;
    page.field("Password").fill("a wrong guess").await;
    page.get("button", "Log in").click().await;
    page.role("alert").having("wrong").appears().await;
    page.get("link", "Create an account").click().await;
    page.get("heading", "Create an account").appears().await;
    fill_in(&page, "Ada", "Register").await;
    page.role("alert").having("taken").appears().await;
    page.field("Name").fill("Eve").await;
    page.field("Password").fill("short").await;
    page.get("button", "Register").click().await;
    page.role("alert").having("8 characters").appears().await;
}

async fn who_types_before_the_scripts_are_there_goes_on_typing(world: World) {
    let server = world.documents().await;
    for path in ["/login", "/register"] {
        let page = server.browser(path).await.tab().await;
        page.hold_scripts().await;
        page.begin(path).await;
        page.field("Password").focus().await;
        page.types("correct horse").await;
        page.release_scripts().await;
        page.get("button", "Show").appears().await;
        page.types(" battery").await;
        page.field("Password").has_value("correct horse battery").await;
    }
}

async fn the_blank_that_phones_put_behind_a_name_does_not_matter(world: World) {
    let server = world.documents().await;
    somebody(&server, "Ada").await;
    let page = server.browser("Ada's phone").await.open("/login").await;
    fill_in(&page, "Ada ", "Log in").await;
    page.get("link", "Ada").appears().await;
}

async fn who_logs_in_is_where_they_wanted_to_be(world: World) {
    let server = world.documents().await;
    somebody(&server, "Ada").await;
    let page = server.browser("somewhere else").await.open("/account").await;
    page.comes_to("/login?next=%2Faccount").await;
    fill_in(&page, "Ada", "Log in").await;
    page.get("heading", "Ada").appears().await;
    page.comes_to("/account").await;
}

async fn a_log_out_ends_the_other_tabs_and_leaves_nothing(world: World) {
    let server = world.documents().await;
    let ada = somebody(&server, "Ada").await;
    let (page, list) = (ada.open("/").await, ada.open("/").await);
    create(&page, "Notes").await;
    text(&page).focus().await;
    page.types("Mine alone.").await;
    says(&page, SAVED).await;
    page.get("button", "Log out").click().await;
    page.comes_to("/login").await;
    list.comes_to("/login").await;
    page.get("button", "Log in").appears().await;
    assert_eq!(page.evaluate("localStorage.length").await, 0);
    assert_eq!(kept(&page).await, 0);
    page.go("/").await;
    page.comes_to("/login").await;
}

async fn a_log_out_everywhere_ends_the_other_browser_at_once(world: World) {
    let server = world.documents().await;
    let ada = somebody(&server, "Ada").await;
    let page = ada.open("/account").await;
    let other = server.browser("the same on a phone").await.open("/login").await;
    fill_in(&other, "Ada", "Log in").await;
    create(&other, "Notes").await;
    text(&other).focus().await;
    other.types("Left open.").await;
    says(&other, SAVED).await;
    page.get("button", "Log out everywhere").click().await;
    page.comes_to("/login").await;
    other.comes_to("/login?").await;
    other.text("You were logged out.").appears().await;
    text(&other).vanishes().await;
}

async fn the_account_ends_one_session(world: World) {
    let server = world.documents().await;
    let (ada, grace) = (somebody(&server, "Ada").await, somebody(&server, "Grace").await);
    let (hers, _theirs) = pair(&ada, &grace).await;
    let phone = server.browser("Ada on a phone").await.open("/login").await;
    fill_in(&phone, "Ada", "Log in").await;
    phone.get("heading", "Documents").appears().await;
    let account = ada.open("/account").await;
    let sessions = account.get("list", "Sessions");
    sessions.lists(["this session", "End session"]).await;
    sessions.role("button").click().await;
    phone.comes_to("/login?").await;
    phone.text("You were logged out.").appears().await;
    sessions.lists(["this session"]).await;
    hers.reload().await;
    says(&hers, SAVED).await;
}

async fn a_new_password_ends_the_other_sessions(world: World) {
    let server = world.documents().await;
    let ada = somebody(&server, "Ada").await;
    ada.expects("status of 4").await;
    let phone = server.browser("Ada on a phone").await.open("/login").await;
    fill_in(&phone, "Ada", "Log in").await;
    phone.get("heading", "Documents").appears().await;
    let page = ada.open("/account").await;
    page.field("Present password").fill("a wrong guess").await;
    page.field("New password").fill("battery staple").await;
    page.get("button", "Change password").click().await;
    page.text("The present password is wrong.").appears().await;
    page.field("Present password").fill(PASSWORD).await;
    page.get("button", "Change password").click().await;
    page.css(".toast").having("Your password is changed. All other sessions have ended.").appears().await;
    phone.comes_to("/login?").await;
    phone.text("Your password was changed. Log in with the new one.").appears().await;
    phone.field("Password").fill("battery staple").await;
    phone.get("button", "Log in").click().await;
    phone.get("heading", "Documents").appears().await;
}
