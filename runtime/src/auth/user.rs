//! Who is logged in.

use std::{fmt, sync::Arc};

/// Who is logged in. As a handler's argument it is there, or the answer is `unauthenticated`; `Option<User>` may be nobody.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct User(Arc<Parts>);

#[derive(PartialEq, Eq, Hash)]
struct Parts {
    id: String,
    name: String,
    roles: Vec<String>,
}

impl User {
    pub(crate) fn new(id: String, name: String, roles: Vec<String>) -> Self {
        Self(Arc::new(Parts { id, name, roles }))
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

    /// The roles of the user's account, as they were when the user was authenticated.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.0.roles
    }

    /// Whether the user has this role. Case matters.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.0.roles.iter().any(|own| own == role)
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "User({})", self.0.id)
    }
}
