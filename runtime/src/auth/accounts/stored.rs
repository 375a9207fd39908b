//! What is stored of an account.

use crate::{
    auth::SessionId,
    mongo::Stored,
    wire::{Id, Timestamp},
};
use mongodb::{IndexModel, bson::doc, options::IndexOptions};
use serde::{Deserialize, Serialize};

/// An account, with its sessions: one document, so that each change of both is one step.
#[derive(Serialize, Deserialize)]
pub(crate) struct Account {
    #[serde(rename = "_id")]
    pub id: Id,
    /// As the user wrote it.
    pub name: String,
    /// What makes it unique.
    pub key: String,
    pub password_hash: String,
    pub created_at: Timestamp,
    #[serde(default)]
    pub roles: Vec<String>,
    /// Whether nobody may log in.
    #[serde(default)]
    pub disabled: bool,
    /// The oldest first.
    #[serde(default)]
    pub sessions: Vec<StoredSession>,
    /// From where somebody has logged in: whoever guesses passwords elsewhere does not slow the owner down.
    #[serde(default)]
    pub known_networks: Vec<String>,
}

/// A session of an account: begun by a log-in, kept by refreshing.
#[derive(Serialize, Deserialize, Clone)]
pub(crate) struct StoredSession {
    pub id: SessionId,
    /// Of the refresh token's secret.
    pub secret_hash: String,
    /// The refresh token before this one.
    #[serde(default)]
    pub previous: Option<Previous>,
    pub created_at: Timestamp,
    pub refreshed_at: Timestamp,
    pub expires_at: Timestamp,
    /// When the latest access token expires.
    pub access_until: Timestamp,
    /// The client's address at the log-in.
    pub address: Option<String>,
    /// What the client called itself at the log-in.
    pub agent: Option<String>,
}

/// A refresh token that was used.
#[derive(Serialize, Deserialize, Clone)]
pub(crate) struct Previous {
    pub hash: String,
    /// What its successor is made with.
    pub salt: String,
    /// Until when it may be used once more, by a second tab.
    pub until: Timestamp,
}

/// What is read of an account when one of its tokens is shown.
#[derive(Deserialize)]
pub(crate) struct Standing {
    #[serde(rename = "_id")]
    pub id: Id,
    pub name: String,
    #[serde(default)]
    pub roles: Vec<String>,
    #[serde(default)]
    pub disabled: bool,
    /// Of one session, or of all.
    #[serde(default)]
    pub sessions: Vec<StoredSession>,
}

/// An account in a list.
#[derive(Deserialize)]
pub(crate) struct Summary {
    pub name: String,
    #[serde(default)]
    pub roles: Vec<String>,
    #[serde(default)]
    pub disabled: bool,
}

impl Stored for Account {
    const COLLECTION: &'static str = "lambdio_accounts";

    fn indexes() -> Vec<IndexModel> {
        let unique = IndexOptions::builder().unique(true).build();
        vec![IndexModel::builder().keys(doc! { "key": 1 }).options(unique).build()]
    }
}

impl StoredSession {
    /// Whether it is over by itself.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }
}
