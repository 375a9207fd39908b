//! A tab.

use super::Element;
use crate::{
    driver::Driver,
    failure::{Place, fail},
};
use serde_json::{Value, json};
use std::{panic::Location, path::Path, sync::Arc};

/// A tab of a person's browser. [`get`](Self::get) and its like find what is on the page.
#[derive(Clone, Debug)]
pub struct Page {
    driver: Arc<Driver>,
    person: String,
    number: Value,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark letters on light ground.
    Light,
    /// Light letters on dark ground.
    Dark,
}

impl Theme {
    /// Both of them.
    pub const BOTH: [Self; 2] = [Self::Light, Self::Dark];

    /// As `prefers-color-scheme` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Light or dark.
    pub theme: Theme,
    /// The window's width in CSS pixels.
    pub width: u32,
    /// The window's height in CSS pixels.
    pub height: u32,
}

impl Look {
    /// On a desktop.
    #[must_use]
    pub fn desktop(theme: Theme) -> Self {
        Self { theme, width: 1280, height: 800 }
    }

    /// On a phone.
    #[must_use]
    pub fn phone(theme: Theme) -> Self {
        Self { theme, width: 390, height: 844 }
    }
}

impl Page {
    pub(super) fn new(driver: Arc<Driver>, person: &str, number: Value) -> Self {
        Self { driver, person: person.to_owned(), number }
    }

    pub(super) async fn try_command(&self, what: &str, mut with: Value) -> Result<Value, String> {
        with["page"] = self.number.clone();
        self.driver.command(what, with).await.map_err(|error| format!("{}'s page: {error}", self.person))
    }

    async fn command(&self, place: Place, what: &str, with: Value) -> Value {
        self.try_command(what, with).await.unwrap_or_else(|error| fail(place, format!("{what}: {error}")))
    }

    pub(super) async fn goes_to(&self, path: &str, place: Place) -> Option<u64> {
        self.command(place, "go", json!({ "path": path })).await.as_u64()
    }

    async fn done(&self, place: Place, what: &str, with: Value) {
        self.command(place, what, with).await;
    }

    /// The elements of this role and this whole accessible name.
    #[must_use]
    pub fn get(&self, role: &str, name: &str) -> Element {
        Element::new(self, json!({ "role": role, "name": name }))
    }

    /// The elements of this role, whatever their name.
    #[must_use]
    pub fn role(&self, role: &str) -> Element {
        Element::new(self, json!({ "role": role }))
    }

    /// The field with this label.
    #[must_use]
    pub fn field(&self, label: &str) -> Element {
        Element::new(self, json!({ "label": label }))
    }

    /// The element with this whole text.
    #[must_use]
    pub fn text(&self, text: &str) -> Element {
        Element::new(self, json!({ "text": text }))
    }

    /// The elements of a CSS selector, for what has no name.
    #[must_use]
    pub fn css(&self, selector: &str) -> Element {
        Element::new(self, json!({ "selector": selector }))
    }

    /// Goes to a path and gives the status of the answer; none where there was no request.
    #[track_caller]
    pub fn go(&self, path: &str) -> impl Future<Output = Option<u64>> {
        self.goes_to(path, Location::caller())
    }

    /// Goes to a path, and does not wait until the page is there.
    #[track_caller]
    pub fn begin(&self, path: &str) -> impl Future<Output = ()> {
        self.done(Location::caller(), "begin", json!({ "path": path }))
    }

    /// Keeps scripts away from the page until [`release_scripts`](Self::release_scripts).
    #[track_caller]
    pub fn hold_scripts(&self) -> impl Future<Output = ()> {
        self.done(Location::caller(), "hold_scripts", json!({}))
    }

    /// Lets the scripts in that were kept away, and all that come after them.
    #[track_caller]
    pub fn release_scripts(&self) -> impl Future<Output = ()> {
        self.done(Location::caller(), "release_scripts", json!({}))
    }

    /// Loads the page again.
    #[track_caller]
    pub fn reload(&self) -> impl Future<Output = ()> {
        self.done(Location::caller(), "reload", json!({}))
    }

    /// Goes back to the page before.
    #[track_caller]
    pub fn back(&self) -> impl Future<Output = ()> {
        self.done(Location::caller(), "back", json!({}))
    }

    /// Closes the tab.
    #[track_caller]
    pub fn close(self) -> impl Future<Output = ()> {
        let place = Location::caller();
        async move { self.done(place, "close_tab", json!({})).await }
    }

    /// The address.
    #[track_caller]
    pub fn address(&self) -> impl Future<Output = String> {
        let place = Location::caller();
        async move { self.command(place, "address", json!({})).await.as_str().unwrap_or_default().to_owned() }
    }

    /// Waits until the path, with query and fragment, begins like this.
    #[track_caller]
    pub fn comes_to(&self, path: &str) -> impl Future<Output = ()> {
        self.done(Location::caller(), "comes_to", json!({ "path": path }))
    }

    /// The title.
    #[track_caller]
    pub fn title(&self) -> impl Future<Output = String> {
        let place = Location::caller();
        async move { self.command(place, "title", json!({})).await.as_str().unwrap_or_default().to_owned() }
    }

    /// Types into what has the focus, key by key.
    #[track_caller]
    pub fn types(&self, keys: &str) -> impl Future<Output = ()> {
        self.done(Location::caller(), "type", json!({ "keys": keys }))
    }

    /// Presses a key, or several at once: `Enter`, `Shift+Tab`, `ControlOrMeta+A`.
    #[track_caller]
    pub fn presses(&self, keys: &str) -> impl Future<Output = ()> {
        self.done(Location::caller(), "press", json!({ "keys": keys }))
    }

    /// Pastes text from the clipboard into what has the focus.
    #[track_caller]
    pub fn pastes(&self, text: &str) -> impl Future<Output = ()> {
        self.done(Location::caller(), "paste", json!({ "clip": text }))
    }

    /// What a script gives, for what nobody sees.
    #[track_caller]
    pub fn evaluate(&self, script: &str) -> impl Future<Output = Value> {
        self.command(Location::caller(), "evaluate", json!({ "script": script }))
    }

    /// Changes how the page is looked at.
    #[track_caller]
    pub fn look(&self, look: Look) -> impl Future<Output = ()> {
        let Look { theme, width, height } = look;
        self.done(Location::caller(), "look", json!({ "theme": theme.name(), "width": width, "height": height }))
    }

    /// By how many CSS pixels the page is wider than the window.
    #[track_caller]
    pub fn overflow(&self) -> impl Future<Output = i64> {
        let place = Location::caller();
        async move { self.command(place, "overflow", json!({})).await.as_i64().unwrap_or_default() }
    }

    /// Everything that axe-core finds wrong with the page as it is now, each as text.
    #[track_caller]
    pub fn axe(&self) -> impl Future<Output = Vec<String>> {
        let place = Location::caller();
        async move {
            let found = self.command(place, "axe", json!({})).await;
            serde_json::from_value(found).unwrap_or_else(|error| fail(place, error.to_string()))
        }
    }

    /// Saves what the window shows as a PNG.
    #[track_caller]
    pub fn screenshot(&self, file: &Path) -> impl Future<Output = ()> {
        self.done(Location::caller(), "screenshot", json!({ "file": file }))
    }

    /// The page as a screen reader has it.
    #[track_caller]
    pub fn sight(&self) -> impl Future<Output = String> {
        let place = Location::caller();
        async move { self.command(place, "sight", json!({})).await.as_str().unwrap_or_default().to_owned() }
    }
}
