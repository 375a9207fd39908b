//! Who is logged in.

use std::{fmt, sync::Arc};

/// Who is logged in. As a handler's argument it is there, or the answer is `unauthenticated`; `Option<User>` may be nobody.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct User(Arc<Parts>);

#[derive(PartialEq, Eq, Hash)]
struct Parts {
    id: String,
    name: String,
}

impl User {
    pub(crate) fn new(id: String, name: String) -> Self {
        Self(Arc::new(Parts { id, name }))
    }

    /// Names the user for good, whatever they are called.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// What the user is called, as they wrote it when they registered.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "User({})", self.0.id)
    }
}
