//! What is registered.

use super::Extract;
use crate::{context::Context, registry::Registry};
use std::{convert::Infallible, ops::Deref, sync::Arc};

/// The registry: every handler with namespace, event, file and line.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[route(get = "/handlers")]
/// async fn count(handlers: Handlers) -> usize {
///     handlers.listing().len()
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Handlers(Arc<Registry>);

impl Deref for Handlers {
    type Target = Registry;

    fn deref(&self) -> &Registry {
        &self.0
    }
}

impl<C: Context> Extract<C> for Handlers {
    type Rejection = Infallible;

    async fn extract(cx: &mut C) -> Result<Self, Infallible> {
        Ok(Self(cx.app().registry()))
    }
}
