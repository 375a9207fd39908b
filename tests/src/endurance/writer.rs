//! One of those who write: the replica of the pages, without a page.

use crate::{Client, Proxy};
use serde_json::{Value, json};
use std::sync::Arc;

/// Somebody who writes in one document, over a network of their own.
pub(super) struct Writer {
    client: Client,
    number: Value,
    pub network: Arc<Proxy>,
    pub is_cut: bool,
}

impl Writer {
    /// Begins to write, with the cookies of `client`.
    pub async fn begin(client: &Client, network: Arc<Proxy>, document: &Value, seed: u64) -> Result<Self, String> {
        let with = json!({ "through": network.url(), "document": document, "seed": seed });
        let number = client.command("writer", with).await?;
        Ok(Self { client: client.clone(), number, network, is_cut: false })
    }

    async fn command(&self, what: &str, mut with: Value) -> Result<Value, String> {
        with["writer"] = self.number.clone();
        self.client.command(what, with).await
    }

    /// Inserts and deletes at random places.
    pub async fn write(&self, keys: usize) -> Result<(), String> {
        self.command("write", json!({ "keys": keys })).await.map(drop)
    }

    /// As a page that is loaded again.
    pub async fn reload(&self) -> Result<(), String> {
        self.command("reload", json!({})).await.map(drop)
    }

    /// Cuts the network, or mends it.
    pub async fn turn(&mut self) {
        self.is_cut = !self.is_cut;
        if self.is_cut { self.network.cut() } else { self.network.mend().await }
    }

    /// Waits until everything is stored.
    pub async fn flush(&self) -> Result<(), String> {
        self.command("flush", json!({})).await.map(drop)
    }

    pub async fn text(&self) -> Result<String, String> {
        let state = self.command("written", json!({})).await?;
        state["text"].as_str().map(str::to_owned).ok_or_else(|| format!("no text: {state}"))
    }

    pub async fn end(self) -> Result<(), String> {
        self.command("end", json!({})).await.map(drop)
    }
}
