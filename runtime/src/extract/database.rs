//! MongoDB.

use super::Extract;
use crate::{context::Context, error::Error, mongo::Stored, registry::Needs};
use mongodb::{Collection, Database};

impl<C: Context> Extract<C> for Database {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        cx.app().database().cloned()
    }

    fn declare(needs: &mut Needs) {
        needs.database();
    }
}

impl<C: Context, T: Stored> Extract<C> for Collection<T> {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        Ok(cx.app().database()?.collection(T::COLLECTION))
    }

    fn declare(needs: &mut Needs) {
        needs.collection::<T>();
    }
}
