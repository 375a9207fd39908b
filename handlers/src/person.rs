//! Who did something.

use lambdio::prelude::*;

/// A user, as others see them.
#[payload]
pub struct Person {
    /// The user's id.
    pub id: String,
    /// What the user is called.
    pub name: String,
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        Self { id: user.id().to_owned(), name: user.name().to_owned() }
    }
}
