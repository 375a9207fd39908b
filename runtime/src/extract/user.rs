//! Who is logged in.

use super::Extract;
use crate::{
    auth::User,
    context::HasUser,
    error::{Code, Error},
    registry::{Needs, UserNeed},
};

impl<C: HasUser> Extract<C> for User {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        cx.user()?.ok_or_else(|| Code::Unauthenticated.into())
    }

    fn declare(needs: &mut Needs) {
        needs.user(UserNeed::Required);
    }
}

impl<C: HasUser> Extract<C> for Option<User> {
    type Rejection = Error;

    async fn extract(cx: &mut C) -> Result<Self, Error> {
        cx.user()
    }

    fn declare(needs: &mut Needs) {
        needs.user(UserNeed::Optional);
    }
}
