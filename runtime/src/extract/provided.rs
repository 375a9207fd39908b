//! What the application provides.

use super::Extract;
use crate::{context::Context, error::Error, registry::Needs};
use std::{fmt, ops::Deref, sync::Arc};

/// A value that [`App::provide`](crate::App::provide) made at start, shared by all handlers.
///
/// A handler that asks for one that nobody provides is a start error.
pub struct Provided<T>(pub Arc<T>);

impl<T> Deref for Provided<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Provided<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for Provided<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<C: Context, T: Send + Sync + 'static> Extract<C> for Provided<T> {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        cx.app().provided::<T>().map(Provided)
    }

    fn declare(needs: &mut Needs) {
        needs.provided::<T>();
    }
}
