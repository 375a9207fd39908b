//! What lives in a collection.

use mongodb::IndexModel;
use serde::{Serialize, de::DeserializeOwned};

/// A type that lives in a collection. Handlers get `Collection<T>` for it; collection and indexes are made at start.
///
/// What is stored and what is sent are two things: give them two types.
///
/// ```
/// use lambdio::{mongo::{IndexModel, bson::doc}, prelude::*};
///
/// #[payload]
/// struct Note {
///     #[serde(rename = "_id")]
///     id: Id,
///     text: String,
///     created_at: Timestamp,
/// }
///
/// impl Stored for Note {
///     const COLLECTION: &'static str = "notes";
///
///     fn indexes() -> Vec<IndexModel> {
///         vec![IndexModel::builder().keys(doc! { "created_at": -1 }).build()]
///     }
/// }
///
/// #[handler(event = "count_notes")]
/// async fn count(notes: Collection<Note>) -> Result<u64, lambdio::Error> {
///     Ok(notes.count_documents(doc! {}).await?)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` lives in no collection",
    label = "not `Stored`",
    note = "write `impl Stored` for it, with the name of its collection"
)]
pub trait Stored: Serialize + DeserializeOwned + Send + Sync + Unpin + 'static {
    /// The collection's name.
    const COLLECTION: &'static str;

    /// The indexes, made at start. An index that is there already is left alone; one with the same name and other
    /// options is a start error.
    #[must_use]
    fn indexes() -> Vec<IndexModel> {
        Vec::new()
    }
}
