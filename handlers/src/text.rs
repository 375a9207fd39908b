//! A text that several people write at once: a CRDT, [`yrs`] here and Yjs in the pages.
//!
//! Whoever has the same updates has the same text, in whatever order they came, and however often.

use crate::error::DocumentError;
use lambdio::prelude::*;
use yrs::{
    Doc, GetString, ReadTxn, StateVector, Transact, Update,
    updates::{decoder::Decode, encoder::Encode},
};

/// What the text is called inside of its document, here and in the pages.
const NAME: &str = "text";

/// A text, as its updates make it.
pub struct Text(Doc);

impl Text {
    /// Puts updates together. One that does not fit with the others is left out, as it is everywhere else.
    pub fn of<'a>(updates: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let doc = Doc::new();
        doc.get_or_insert_text(NAME);
        let mut change = doc.transact_mut();
        for update in updates {
            if let Ok(update) = Update::decode_v1(update) {
                let _ = change.apply_update(update);
            }
        }
        drop(change);
        Self(doc)
    }

    /// Whether there are updates whose predecessors are missing. [`updates`](Self::updates) has them, too.
    #[must_use]
    pub fn has_gaps(&self) -> bool {
        self.0.transact().has_missing_updates()
    }

    /// The text itself.
    #[must_use]
    pub fn text(&self) -> String {
        let text = self.0.get_or_insert_text(NAME);
        text.get_string(&self.0.transact())
    }

    /// What somebody lacks who has what this state vector says.
    ///
    /// # Errors
    /// [`DocumentError::Update`] for bytes that are no state vector.
    pub fn since(&self, vector: &[u8]) -> Result<Binary, DocumentError> {
        let vector = StateVector::decode_v1(vector).map_err(|_| DocumentError::Update)?;
        Ok(self.0.transact().encode_state_as_update_v1(&vector).into())
    }

    /// One update that makes all of the text. What was deleted is no longer in it.
    #[must_use]
    pub fn updates(&self) -> Binary {
        self.0.transact().encode_state_as_update_v1(&StateVector::default()).into()
    }

    /// What this text has: whoever gets it can tell what is missing here.
    #[must_use]
    pub fn vector(&self) -> Binary {
        self.0.transact().state_vector().encode_v1().into()
    }
}

/// Whether these bytes are an update.
///
/// # Errors
/// [`DocumentError::Update`] where they are not.
pub fn check(update: &[u8]) -> Result<(), DocumentError> {
    Update::decode_v1(update).map(drop).map_err(|_| DocumentError::Update)
}
