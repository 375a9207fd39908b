//! What is on a page.

use super::Page;
use crate::failure::{Place, fail};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::panic::Location;

/// An element of a page, found anew with each use. Two elements that fit are a failure, save for [`count`](Self::count).
#[derive(Clone, Debug)]
pub struct Element {
    page: Page,
    steps: Vec<Value>,
}

impl Element {
    pub(super) fn new(page: &Page, step: Value) -> Self {
        Self { page: page.clone(), steps: vec![step] }
    }

    fn then(&self, step: Value) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { page: self.page.clone(), steps }
    }

    /// The elements in this one of this role and this whole accessible name.
    #[must_use]
    pub fn get(&self, role: &str, name: &str) -> Self {
        self.then(json!({ "role": role, "name": name }))
    }

    /// The elements in this one of this role, whatever their name.
    #[must_use]
    pub fn role(&self, role: &str) -> Self {
        self.then(json!({ "role": role }))
    }

    /// The field in this element with this label.
    #[must_use]
    pub fn field(&self, label: &str) -> Self {
        self.then(json!({ "label": label }))
    }

    /// The element in this one with this whole text.
    #[must_use]
    pub fn text(&self, text: &str) -> Self {
        self.then(json!({ "text": text }))
    }

    /// Of these elements those with this text somewhere in them.
    #[must_use]
    pub fn having(mut self, text: &str) -> Self {
        if let Some(step) = self.steps.last_mut() {
            match &mut step["having"] {
                Value::Array(texts) => texts.push(text.into()),
                none => *none = json!([text]),
            }
        }
        self
    }

    async fn command(&self, place: Place, what: &str, mut with: Value) -> Value {
        with["steps"] = self.steps.clone().into();
        let what_and_which = |error: String| format!("{} {}: {error}", what, json!(self.steps));
        self.page.try_command(what, with).await.unwrap_or_else(|error| fail(place, what_and_which(error)))
    }

    async fn done(&self, place: Place, what: &str, with: Value) {
        self.command(place, what, with).await;
    }

    async fn asked<T: DeserializeOwned>(&self, place: Place, what: &str) -> T {
        let value = self.command(place, what, json!({})).await;
        serde_json::from_value(value).unwrap_or_else(|error| fail(place, error.to_string()))
    }

    /// Clicks on it, once it is there and can be clicked.
    #[track_caller]
    pub fn click(&self) -> impl Future<Output = ()> {
        self.done(Location::caller(), "click", json!({}))
    }

    /// Puts the pointer over it.
    #[track_caller]
    pub fn hover(&self) -> impl Future<Output = ()> {
        self.done(Location::caller(), "hover", json!({}))
    }

    /// Gives it the focus.
    #[track_caller]
    pub fn focus(&self) -> impl Future<Output = ()> {
        self.done(Location::caller(), "focus", json!({}))
    }

    /// Has this text in a field, in place of what is there.
    #[track_caller]
    pub fn fill(&self, text: &str) -> impl Future<Output = ()> {
        let label = self.steps.last().and_then(|step| step["label"].as_str().or(step["name"].as_str()));
        // under its label, so that what is typed into a password's field counts as a secret
        let command = json!({ "fill": { label.unwrap_or("field"): text } });
        self.done(Location::caller(), "fill", command)
    }

    /// Chooses an option by its label.
    #[track_caller]
    pub fn select(&self, option: &str) -> impl Future<Output = ()> {
        self.done(Location::caller(), "select", json!({ "option": option }))
    }

    /// Waits until it is there to be seen.
    #[track_caller]
    pub fn appears(&self) -> impl Future<Output = ()> {
        self.done(Location::caller(), "appears", json!({}))
    }

    /// Waits until it is not to be seen.
    #[track_caller]
    pub fn vanishes(&self) -> impl Future<Output = ()> {
        self.done(Location::caller(), "vanishes", json!({}))
    }

    /// Waits until it has the focus.
    #[track_caller]
    pub fn gets_focus(&self) -> impl Future<Output = ()> {
        self.done(Location::caller(), "has_focus", json!({}))
    }

    /// Whether it has the focus now.
    #[track_caller]
    pub fn has_focus(&self) -> impl Future<Output = bool> {
        self.asked(Location::caller(), "is_focused")
    }

    /// How many there are now, seen or not.
    #[track_caller]
    pub fn count(&self) -> impl Future<Output = u64> {
        self.asked(Location::caller(), "count")
    }

    /// The text as it is seen, on one line.
    #[track_caller]
    pub fn seen_text(&self) -> impl Future<Output = String> {
        self.asked(Location::caller(), "text")
    }

    /// Waits until the whole text as it is seen, on one line, is this.
    #[track_caller]
    pub fn reads(&self, text: &str) -> impl Future<Output = ()> {
        self.done(Location::caller(), "reads", json!({ "text": text }))
    }

    /// What a field has in it.
    #[track_caller]
    pub fn value(&self) -> impl Future<Output = String> {
        self.asked(Location::caller(), "value")
    }

    /// Waits until a field has this in it.
    #[track_caller]
    pub fn has_value(&self, text: &str) -> impl Future<Output = ()> {
        self.done(Location::caller(), "has_value", json!({ "text": text }))
    }

    /// What is written in the editor, without the names of others.
    #[track_caller]
    pub fn written(&self) -> impl Future<Output = String> {
        self.asked(Location::caller(), "written")
    }

    /// Waits until exactly this is written in the editor.
    #[track_caller]
    pub fn is_written(&self, text: &str) -> impl Future<Output = ()> {
        self.done(Location::caller(), "is_written", json!({ "text": text }))
    }

    /// Waits until a list has as many items as these texts, and each of the texts is in one of them.
    #[track_caller]
    pub fn lists<const N: usize>(&self, items: [&str; N]) -> impl Future<Output = ()> {
        self.done(Location::caller(), "lists", json!({ "items": items.as_slice() }))
    }

    /// The texts of a list's items.
    #[track_caller]
    pub fn items(&self) -> impl Future<Output = Vec<String>> {
        self.asked(Location::caller(), "items")
    }
}
