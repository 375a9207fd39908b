//! What is kept beside a socket that is present.

use super::{MAX_META, PresenceError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use std::sync::Arc;

/// The meta as JSON text. Cloning does not copy it.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct Meta(Arc<RawValue>);

impl Meta {
    /// Encodes the meta, if it is not too large.
    pub fn encode(meta: &(impl Serialize + ?Sized)) -> Result<Self, PresenceError> {
        let text = to_raw_value(meta).map_err(|error| PresenceError::Meta(error.to_string()))?;
        match text.get().len() {
            0..=MAX_META => Ok(Self(text.into())),
            bytes => Err(PresenceError::MetaTooLarge(bytes)),
        }
    }

    pub fn decode<M: DeserializeOwned>(&self) -> Result<M, PresenceError> {
        serde_json::from_str(self.0.get()).map_err(|error| PresenceError::Meta(error.to_string()))
    }

    pub fn to_value(&self) -> Value {
        serde_json::from_str(self.0.get()).unwrap_or_default()
    }
}

impl PartialEq for Meta {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Eq for Meta {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meta_of_4_kib_is_kept_and_a_larger_one_refused() {
        let text = |bytes: usize| "x".repeat(bytes - 2);
        assert_eq!(Meta::encode(&text(4096)).unwrap().to_value(), text(4096));
        assert_eq!(Meta::encode(&text(4097)), Err(PresenceError::MetaTooLarge(4097)));
    }

    #[test]
    fn a_meta_is_read_back_as_what_it_is_or_not_at_all() {
        let meta = Meta::encode(&("a", 1)).unwrap();
        assert_eq!(meta.decode(), Ok(("a".to_owned(), 1)));
        assert!(matches!(meta.decode::<bool>(), Err(PresenceError::Meta(_))));
    }
}
