//! A document: what is stored, and what is sent of it.

use crate::error::DocumentError;
use lambdio::{
    mongo::{IndexModel, bson::doc},
    prelude::*,
};

/// A document as it is stored.
#[payload]
pub struct Document {
    /// Names it for good.
    #[serde(rename = "_id")]
    pub id: Id,
    /// What people call it.
    pub title: String,
    /// All of it.
    pub text: String,
    /// Grows by one with each edit. An edit names the revision it was made on.
    pub revision: i64,
    /// The user who made it, and may delete it.
    pub owner: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub updated_at: Timestamp,
}

impl Stored for Document {
    const COLLECTION: &'static str = "documents";

    fn indexes() -> Vec<IndexModel> {
        vec![IndexModel::builder().keys(doc! { "created_at": -1, "_id": -1 }).build()]
    }
}

/// A line in the list of documents. It is read from the same collection, without the texts.
#[payload]
pub struct Summary {
    /// Names the document in all events.
    #[serde(alias = "_id")]
    pub id: Id,
    /// What people call it.
    pub title: String,
    /// How often it was edited.
    pub revision: i64,
    /// The id of the user who made it.
    pub owner: String,
    /// When it was last edited.
    pub updated_at: Timestamp,
}

/// A document's text at one revision.
#[payload]
#[derive(Debug)]
pub struct Text {
    /// The revision that the next edit has to name.
    pub revision: i64,
    /// All of the text.
    pub text: String,
}

/// Names a document.
#[payload]
pub struct Which {
    /// The document's id.
    pub id: Id,
}

impl Document {
    /// Longest title, in characters.
    pub const MAX_TITLE: usize = 200;
    /// Longest text, in bytes.
    pub const MAX_TEXT: usize = 256 * 1024;

    /// A new, empty document.
    ///
    /// # Errors
    /// [`DocumentError::Title`] for a title that is empty or too long.
    pub fn new(title: &str, owner: &User) -> Result<Self, DocumentError> {
        let title = title.trim();
        if title.is_empty() || title.chars().count() > Self::MAX_TITLE {
            return Err(DocumentError::Title { most: Self::MAX_TITLE });
        }
        let now = Timestamp::now();
        Ok(Self {
            id: Id::new(),
            title: title.to_owned(),
            text: String::new(),
            revision: 0,
            owner: owner.id().to_owned(),
            created_at: now,
            updated_at: now,
        })
    }

    /// Its line in the list.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let Self { id, title, revision, owner, updated_at, .. } = self;
        Summary { id: *id, title: title.clone(), revision: *revision, owner: owner.clone(), updated_at: *updated_at }
    }

    /// Its text.
    #[must_use]
    pub fn into_text(self) -> Text {
        Text { revision: self.revision, text: self.text }
    }
}

/// The room of those who have a document open. Clients see its name in the events of presence.
#[must_use]
pub fn room(id: Id) -> String {
    format!("document:{id}")
}
