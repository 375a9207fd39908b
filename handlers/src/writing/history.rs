//! The updates of a document's text, as they are stored: a log that grows at its end, and is put together from time to time.

use crate::{documents::Document, error::DocumentError, writing::text::Text};
use lambdio::{
    context::Context,
    mongo::{
        IndexModel, TryStreamExt,
        bson::{Document as Filter, doc},
    },
    prelude::*,
};

/// One entry of the log: what somebody has typed, or several of them put together.
#[payload]
pub struct Update {
    /// Later entries have greater ones.
    #[serde(rename = "_id")]
    pub id: Id,
    /// Whose text it belongs to.
    pub document: Id,
    /// As Yjs encodes it, version 1.
    pub bytes: Binary,
}

impl Stored for Update {
    const COLLECTION: &'static str = "document_updates";

    fn indexes() -> Vec<IndexModel> {
        vec![IndexModel::builder().keys(doc! { "document": 1, "_id": 1 }).build()]
    }
}

/// When the log of a document has so many entries more, it is put together.
const MANY: i64 = 100;

/// The logs of all documents.
pub struct History {
    /// The documents, which know how long their logs are.
    pub documents: Collection<Document>,
    /// All entries.
    pub updates: Collection<Update>,
}

/// Makes it an argument of handlers.
impl<C: Context> Extract<C> for History {
    type Rejection = lambdio::Error;

    async fn extract(cx: &mut C) -> Result<Self, Self::Rejection> {
        Ok(Self { documents: Collection::extract(cx).await?, updates: Collection::extract(cx).await? })
    }

    fn declare(needs: &mut Needs) {
        <Collection<Document> as Extract<C>>::declare(needs);
        <Collection<Update> as Extract<C>>::declare(needs);
    }
}

impl History {
    /// The text of a document.
    ///
    /// # Errors
    /// `unavailable` where the database is away.
    pub async fn text(&self, document: Id) -> Result<Text, DocumentError> {
        Ok(text(&self.entries(document).await?))
    }

    /// Adds an update at the end of the log. It is on disk then. Gives the document as it was before.
    ///
    /// # Errors
    /// [`DocumentError::Full`] where the log would be larger than `most`, [`DocumentError::NotFound`] where the document was
    /// deleted meanwhile. Nothing is added then.
    pub async fn add(&self, document: Id, bytes: Binary, most: u64) -> Result<Document, DocumentError> {
        // counted first: an entry is never taken back, since somebody may have put it together with the others already
        let before = match self.count(document, &bytes, most).await? {
            Some(before) => before,
            None => {
                self.put_together(document).await?;
                self.count(document, &bytes, most).await?.ok_or(DocumentError::Full { most })?
            }
        };
        self.updates.insert_one(Update { id: Id::new(), document, bytes }).await?;
        if !self.exists(document).await? {
            self.remove(document).await?;
            return Err(DocumentError::NotFound);
        }
        if before.updates % MANY == MANY - 1 {
            // what was added is stored, whatever comes of this
            let _ = self.put_together(document).await;
        }
        Ok(before)
    }

    async fn exists(&self, document: Id) -> Result<bool, DocumentError> {
        Ok(self.documents.count_documents(doc! { "_id": document }).await? > 0)
    }

    /// Counts an entry, unless the log would be too large. Gives the document as it was before.
    async fn count(&self, document: Id, bytes: &Binary, most: u64) -> Result<Option<Document>, DocumentError> {
        let size = length(bytes);
        let left = i64::try_from(most).unwrap_or(i64::MAX) - size;
        let change = doc! { "$inc": { "updates": 1, "bytes": size }, "$set": { "updated_at": Timestamp::now() } };
        Ok(self.documents.find_one_and_update(doc! { "_id": document, "bytes": { "$lte": left } }, change).await?)
    }

    /// Puts the entries of a log together into one, in which nothing is left of what was deleted.
    ///
    /// The one takes the place of the last of them, and then the others go. Who reads meanwhile, in the order of the
    /// entries, has either seen the others or sees the one; and of two who do this at once, both keep everything.
    async fn put_together(&self, document: Id) -> Result<(), DocumentError> {
        let found = self.documents.find_one(doc! { "_id": document }).await?;
        let counted = found.ok_or(DocumentError::NotFound)?;
        let entries = self.entries(document).await?;
        let Some((last, others)) = entries.split_last() else { return Ok(()) };
        let whole = Update { id: last.id, document, bytes: text(&entries).updates() };
        // another server may have been faster
        if self.updates.replace_one(doc! { "_id": last.id }, &whole).await?.matched_count == 0 {
            return Ok(());
        }
        let ids: Vec<Id> = others.iter().map(|entry| entry.id).collect();
        self.updates.delete_many(doc! { "_id": { "$in": ids } }).await?;
        // where somebody has typed meanwhile, the count stays too high until the next time
        let as_it_was = doc! { "_id": document, "updates": counted.updates, "bytes": counted.bytes };
        let count = doc! { "$set": { "updates": 1, "bytes": length(&whole.bytes) } };
        self.documents.update_one(as_it_was, count).await?;
        Ok(())
    }

    /// Removes the log of a document that was deleted.
    ///
    /// # Errors
    /// `unavailable` where the database is away.
    pub async fn remove(&self, document: Id) -> Result<(), DocumentError> {
        self.updates.delete_many(of(document)).await?;
        Ok(())
    }

    /// The log, the oldest entry first.
    async fn entries(&self, document: Id) -> Result<Vec<Update>, DocumentError> {
        Ok(self.updates.find(of(document)).sort(doc! { "_id": 1 }).await?.try_collect().await?)
    }
}

fn of(document: Id) -> Filter {
    doc! { "document": document }
}

fn text(entries: &[Update]) -> Text {
    Text::of(entries.iter().map(|entry| &*entry.bytes))
}

fn length(bytes: &Binary) -> i64 {
    i64::try_from(bytes.len()).unwrap_or(i64::MAX)
}
