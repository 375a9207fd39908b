//! Who is there.

use super::Extract;
use crate::{context::HasSocket, presence::Presence, registry::Needs};
use std::convert::Infallible;

impl<C: HasSocket> Extract<C> for Presence {
    type Rejection = Infallible;

    async fn extract(cx: &mut C) -> Result<Self, Infallible> {
        Ok(Self::new(cx.socket().clone()))
    }

    fn declare(needs: &mut Needs) {
        needs.presence();
    }
}
