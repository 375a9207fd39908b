//! The updates of a document's text, as they are stored: a log that grows at its end, and is put together from time to time.

use crate::{documents::Document, error::DocumentError, writing::text::Text};
use lambdio::{
    context::Context,
    mongo::{
        ClientSession, IndexModel, TryStreamExt,
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
///
/// What belongs together is written in one transaction: what a document knows of its log is always right, also where a server
/// stops halfway, and with several servers.
#[derive(Clone)]
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
        let entries: Vec<Update> = self.updates.find(of(document)).sort(oldest_first()).await?.try_collect().await?;
        Ok(text(&entries))
    }

    /// Adds an update at the end of the log. It is on disk then. Gives the document as it was before.
    ///
    /// # Errors
    /// [`DocumentError::Full`] where the log would be larger than `most`, [`DocumentError::NotFound`] where the document was
    /// deleted meanwhile. Nothing is added then.
    pub async fn add(&self, document: Id, bytes: Binary, most: u64) -> Result<Document, DocumentError> {
        if let Some(before) = self.try_to_add(document, &bytes, most).await? {
            return Ok(before);
        }
        self.put_together(document).await?;
        if let Some(before) = self.try_to_add(document, &bytes, most).await? {
            return Ok(before);
        }
        let exists = self.documents.count_documents(doc! { "_id": document }).await? > 0;
        Err(if exists { DocumentError::Full { most } } else { DocumentError::NotFound })
    }

    /// Keeps the log short: to be called with what [`add`](Self::add) gave.
    ///
    /// # Errors
    /// `unavailable` where the database is away. Nothing is lost then.
    pub async fn tidy(&self, before: &Document) -> Result<(), DocumentError> {
        if before.updates % MANY == MANY - 1 { self.put_together(before.id).await } else { Ok(()) }
    }

    /// Deletes a document with its log.
    ///
    /// # Errors
    /// `unavailable` where the database is away.
    pub async fn delete(&self, document: Id) -> Result<(), DocumentError> {
        let Self { documents, updates } = self.clone();
        let delete = async move |session: &mut ClientSession| {
            documents.delete_one(doc! { "_id": document }).session(&mut *session).await?;
            updates.delete_many(of(document)).session(session).await
        };
        self.documents.client().start_session().await?.start_transaction().and_run2(delete).await?;
        Ok(())
    }

    /// Counts an entry and adds it: both or neither, whatever happens in between. `None` where the log would be too large,
    /// and where there is no such document.
    async fn try_to_add(&self, document: Id, bytes: &Binary, most: u64) -> Result<Option<Document>, DocumentError> {
        let Self { documents, updates } = self.clone();
        let size = length(bytes);
        let entry = Update { id: Id::new(), document, bytes: bytes.clone() };
        let add = async move |session: &mut ClientSession| {
            let has_room = doc! { "_id": document, "bytes": { "$lte": saturated(most) - size } };
            let count = doc! { "$inc": { "updates": 1, "bytes": size }, "$set": { "updated_at": Timestamp::now() } };
            let before = documents.find_one_and_update(has_room, count).session(&mut *session).await?;
            if before.is_some() {
                updates.insert_one(&entry).session(session).await?;
            }
            Ok(before)
        };
        Ok(self.documents.client().start_session().await?.start_transaction().and_run2(add).await?)
    }

    /// Puts the entries of a log together into one. Who adds one meanwhile waits.
    async fn put_together(&self, document: Id) -> Result<(), DocumentError> {
        let Self { documents, updates } = self.clone();
        let put_together = async move |session: &mut ClientSession| {
            // the first write to the document keeps all others from it until the end
            let has_several = doc! { "_id": document, "updates": { "$gt": 1 } };
            let one = doc! { "$set": { "updates": 1_i64 } };
            if documents.update_one(has_several, one).session(&mut *session).await?.matched_count == 0 {
                return Ok(());
            }
            let mut entries = updates.find(of(document)).sort(oldest_first()).session(&mut *session).await?;
            let entries: Vec<Update> = entries.stream(&mut *session).try_collect().await?;
            let bytes = text(&entries).without_deleted().await;
            let size = doc! { "$set": { "bytes": length(&bytes) } };
            updates.delete_many(of(document)).session(&mut *session).await?;
            updates.insert_one(Update { id: Id::new(), document, bytes }).session(&mut *session).await?;
            documents.update_one(doc! { "_id": document }, size).session(session).await?;
            Ok(())
        };
        self.documents.client().start_session().await?.start_transaction().and_run2(put_together).await?;
        Ok(())
    }
}

fn of(document: Id) -> Filter {
    doc! { "document": document }
}

fn oldest_first() -> Filter {
    doc! { "_id": 1 }
}

fn text(entries: &[Update]) -> Text {
    Text::of(entries.iter().map(|entry| &*entry.bytes))
}

fn length(bytes: &Binary) -> i64 {
    i64::try_from(bytes.len()).unwrap_or(i64::MAX)
}

fn saturated(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
