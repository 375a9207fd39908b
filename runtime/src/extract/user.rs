//! Who is logged in.

use super::Extract;
use crate::{
    auth::User,
    context::HasUser,
    error::{Code, Error},
    registry::{Needs, UserNeed},
};

impl<C: HasUser, K: Clone + Send + Sync + 'static> Extract<C> for User<K> {
    type Rejection = Error;

    /// A user that came by another scheme, with other claims, is `forbidden`.
    async fn extract(cx: &mut C) -> Result<Self, Error> {
        let user = cx.user().await?.ok_or(Code::Unauthenticated)?;
        user.with_claims().ok_or_else(other_claims)
    }

    fn declare(needs: &mut Needs) {
        needs.user(UserNeed::Required);
        needs.claims::<K>();
    }
}

impl<C: HasUser, K: Clone + Send + Sync + 'static> Extract<C> for Option<User<K>> {
    type Rejection = Error;

    /// A user that came by another scheme, with other claims, is `forbidden`.
    async fn extract(cx: &mut C) -> Result<Self, Error> {
        cx.user().await?.map(|user| user.with_claims().ok_or_else(other_claims)).transpose()
    }

    fn declare(needs: &mut Needs) {
        needs.user(UserNeed::Optional);
        needs.claims::<K>();
    }
}

fn other_claims() -> Error {
    Error::new(Code::Forbidden).with_cause("the user came by a scheme with other claims than the handler asks for")
}
