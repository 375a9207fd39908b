use lambdio::{
    auth::{Authenticate, Credentials, Identity},
    prelude::*,
};

struct Badge;

struct Badges;

impl Authenticate for Badges {
    type Claims = Badge;

    async fn authenticate(&self, _: &Credentials<'_>) -> Result<Option<Identity<Badge>>, lambdio::Error> {
        Ok(None)
    }
}

#[handler(event = "show")]
async fn show(_: User<Badge>) {}

fn main() {}
