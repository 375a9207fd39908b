//! Documents: what is stored of one, but for its text, and what is sent.
//!
//! - [`list`], [`create`], [`rename`], [`delete`]: one file for each thing that a client can do.

pub mod create;
pub mod delete;
pub mod list;
pub mod rename;

use crate::{
    error::DocumentError,
    sharing::access::{Link, Member, Person, Role},
};
use lambdio::{
    mongo::{IndexModel, bson::doc},
    prelude::*,
};
use std::ops::RangeInclusive;

/// A document as it is stored. Its text is a log of [`Update`](crate::writing::history::Update)s.
#[payload]
pub struct Document {
    /// Names it for good.
    #[serde(rename = "_id")]
    pub id: Id,
    /// What people call it.
    pub title: String,
    /// Who made it, and may delete and share it.
    pub owner: Person,
    /// Who else has access.
    pub people: Vec<Member>,
    /// The link that gives access to whoever has it.
    pub link: Option<Link>,
    /// How many updates the log has, and how many bytes they are.
    pub updates: i64,
    /// See `updates`.
    pub bytes: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its text or title was changed last.
    pub updated_at: Timestamp,
}

impl Stored for Document {
    const COLLECTION: &'static str = "documents";

    fn indexes() -> Vec<IndexModel> {
        ["owner.id", "people.id"]
            .map(|who| IndexModel::builder().keys(doc! { who: 1, "updated_at": -1 }).build())
            .into()
    }
}

/// A line in somebody's list of documents.
#[payload]
pub struct Line {
    /// Names the document in all events.
    pub id: Id,
    /// What people call it.
    pub title: String,
    /// Who made it.
    pub owner: Person,
    /// What the one may do whose list this is.
    pub role: Role,
    /// When its text or title was changed last.
    pub updated_at: Timestamp,
    /// How many people have it open.
    pub here: usize,
}

/// Names a document.
#[payload]
pub struct Which {
    /// The document's id.
    pub id: Id,
}

/// Sent to those who list a document or have it open, when its title or text is another one; of the text once in a second.
#[event(namespace = "/documents", name = "document_changed")]
pub struct DocumentChanged {
    /// The document.
    pub id: Id,
    /// What people call it.
    pub title: String,
    /// When it was changed.
    pub updated_at: Timestamp,
}

impl Document {
    /// A new, empty document.
    ///
    /// # Errors
    /// [`DocumentError::Title`] for a title that cannot be.
    pub fn new(title: &str, owner: &User) -> Result<Self, DocumentError> {
        let now = Timestamp::now();
        Ok(Self {
            id: Id::new(),
            title: checked_title(title)?,
            owner: Person::from(owner),
            people: Vec::new(),
            link: None,
            updates: 0,
            bytes: 0,
            created_at: now,
            updated_at: now,
        })
    }

    /// Its line in the list of somebody who may do this.
    #[must_use]
    pub fn line(&self, role: Role, here: usize) -> Line {
        let Self { id, title, owner, updated_at, .. } = self;
        Line { id: *id, title: title.clone(), owner: owner.clone(), role, updated_at: *updated_at, here }
    }

    /// What others hear when it was changed.
    #[must_use]
    pub fn changed(&self) -> DocumentChanged {
        DocumentChanged { id: self.id, title: self.title.clone(), updated_at: self.updated_at }
    }
}

/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;

/// A title in one line, without blanks around it, and without what cannot be seen but changes how others look.
///
/// # Errors
/// [`DocumentError::Title`] where nothing is left, or too much.
pub fn checked_title(title: &str) -> Result<String, DocumentError> {
    let is_blank = |letter: char| letter.is_whitespace() || letter.is_control();
    let shown = title.chars().filter(|letter| !HIDDEN.iter().any(|hidden| hidden.contains(letter)));
    let line: String = shown.map(|letter| if is_blank(letter) { ' ' } else { letter }).collect();
    let title = line.trim();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        return Err(DocumentError::Title { most: LONGEST_TITLE });
    }
    Ok(title.to_owned())
}

/// Letters without a width, and those that turn the direction of what follows (UAX #9). The joiner of emoji is none of them.
const HIDDEN: [RangeInclusive<char>; 6] = [
    '\u{61c}'..='\u{61c}',
    '\u{200b}'..='\u{200b}',
    '\u{200e}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{2069}',
    '\u{feff}'..='\u{feff}',
];
