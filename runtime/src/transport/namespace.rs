//! A namespace at work.

use crate::{
    app::AppState,
    emit::Sender,
    registry::{Cell, NamespaceEntry},
};
use arc_swap::Guard;
use std::sync::Arc;

/// A namespace at work: what is registered for it, and the application it belongs to.
pub(crate) struct Namespace {
    pub app: Arc<AppState>,
    path: &'static str,
    entry: Cell<NamespaceEntry>,
}

impl Namespace {
    pub fn new(app: Arc<AppState>, entry: Cell<NamespaceEntry>) -> Self {
        Self { app, path: entry.load().path, entry }
    }

    /// What is registered, with the present settings. For a moment: what awaits something keeps [`Guard`]'s content instead.
    pub fn entry(&self) -> Guard<Arc<NamespaceEntry>> {
        self.entry.load()
    }

    pub fn path(&self) -> &'static str {
        self.path
    }

    pub fn sender(&self) -> &Sender {
        &self.app.sender
    }
}
