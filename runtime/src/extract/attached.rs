//! What a middleware left for those inside.

use super::Extract;
use crate::{
    context::HasEvent,
    error::{Code, Error},
};
use std::{any::type_name, fmt, ops::Deref, sync::Arc};

/// A value that a `#[middleware(event)]` attached with [`Next::attach`](super::Next::attach), for inner middleware and the
/// handler.
///
/// Without such a middleware the event is answered `internal`; the log names the type.
pub struct Attached<T>(pub Arc<T>);

impl<T> Deref for Attached<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Attached<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for Attached<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<C: HasEvent, T: Send + Sync + 'static> Extract<C> for Attached<T> {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        cx.event_context().attached().map(Attached).ok_or_else(|| {
            Error::new(Code::Internal).with_cause(format!("no middleware has attached a `{}`", type_name::<T>()))
        })
    }
}
