//! How the pages look, to people and to screen readers.

use super::tour;
use lambdio_tests::{Look, Page, Theme, Trial, World, trial};
use std::{env, fs, path::PathBuf};

/// The tests of this module. Screenshots are made when somebody asks for them:
/// `SCREENSHOTS=<folder> cargo test -p lambdio-tests --test integration -- --ignored screenshots`.
pub fn trials() -> Vec<Trial> {
    vec![
        trial(
            module_path!(),
            "nothing_is_wrong_with_the_pages_of_accounts",
            nothing_is_wrong_with_the_pages_of_accounts,
        ),
        trial(module_path!(), "nothing_is_wrong_with_lists", nothing_is_wrong_with_lists),
        trial(
            module_path!(),
            "nothing_is_wrong_with_the_pages_of_documents",
            nothing_is_wrong_with_the_pages_of_documents,
        ),
        trial(module_path!(), "screenshots_of_accounts", screenshots_of_accounts).with_ignored_flag(true),
        trial(module_path!(), "screenshots_of_lists", screenshots_of_lists).with_ignored_flag(true),
        trial(module_path!(), "screenshots_of_documents", screenshots_of_documents).with_ignored_flag(true),
    ]
}

/// What somebody looks with: its name, and how a page looks on it.
type Device = (&'static str, fn(Theme) -> Look);

const DEVICES: [Device; 2] = [("desktop", Look::desktop), ("phone", Look::phone)];

async fn nothing_is_wrong_with_the_pages_of_accounts(world: World) {
    tour::of_accounts(world, nothing_is_wrong).await;
}

async fn nothing_is_wrong_with_lists(world: World) {
    tour::of_lists(world, nothing_is_wrong).await;
}

async fn nothing_is_wrong_with_the_pages_of_documents(world: World) {
    tour::of_documents(world, nothing_is_wrong).await;
}

/// axe-core finds nothing, and nobody has to scroll sideways.
async fn nothing_is_wrong(page: &Page, name: &str) {
    for (device, look) in DEVICES {
        for theme in Theme::BOTH {
            page.look(look(theme)).await;
            let found = page.axe().await;
            assert!(found.is_empty(), "{name}, {device}, {}:\n{}", theme.name(), found.join("\n"));
        }
        assert_eq!(page.overflow().await, 0, "{name}, {device}: pixels beside the window");
    }
    page.look(Look::desktop(Theme::Light)).await;
}

async fn screenshots_of_accounts(world: World) {
    tour::of_accounts(world, screenshot).await;
}

async fn screenshots_of_lists(world: World) {
    tour::of_lists(world, screenshot).await;
}

async fn screenshots_of_documents(world: World) {
    tour::of_documents(world, screenshot).await;
}

async fn screenshot(page: &Page, name: &str) {
    let folder =
        env::var_os("SCREENSHOTS").map_or_else(|| lambdio_tests::root().join("target/screenshots"), PathBuf::from);
    fs::create_dir_all(&folder).expect("a folder for screenshots");
    for (device, look) in DEVICES {
        for theme in Theme::BOTH {
            page.look(look(theme)).await;
            page.screenshot(&folder.join(format!("{name}-{device}-{}.png", theme.name()))).await;
        }
    }
    page.look(Look::desktop(Theme::Light)).await;
}
