//! Sessions and accounts.

use super::Extract;
use crate::{auth::Sessions, context::Context, error::Error, registry::Needs};

impl<C: Context> Extract<C> for Sessions {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        Ok(cx.app().auth.sessions())
    }

    fn declare(needs: &mut Needs) {
        needs.sessions();
    }
}
