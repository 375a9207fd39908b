//! A namespace at work.

use crate::{app::AppState, emit::Sender, registry::NamespaceEntry};
use std::sync::Arc;

/// A namespace at work: what is registered for it, and the application it belongs to.
pub(crate) struct Namespace {
    pub app: Arc<AppState>,
    pub entry: Arc<NamespaceEntry>,
}

impl Namespace {
    pub fn new(app: Arc<AppState>, entry: Arc<NamespaceEntry>) -> Self {
        Self { app, entry }
    }

    pub fn path(&self) -> &str {
        self.entry.path
    }

    pub fn sender(&self) -> &Sender {
        &self.app.sender
    }
}
