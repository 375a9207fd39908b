//! With whom a document is shared.

use crate::{
    documents::{Document, Which},
    error::DocumentError,
    sharing::access::{Link, Member, Person, Role, may_read},
};
use lambdio::prelude::*;

/// With whom a document is shared.
#[payload]
pub struct Sharing {
    /// Who made it.
    pub owner: Person,
    /// Who else has access.
    pub people: Vec<Member>,
    /// The link that gives access. Only the owner sees it.
    pub link: Option<Link>,
}

/// Sent to those who have a document open, when others have access than before, or other rights.
#[event(namespace = "/documents", name = "sharing_changed")]
pub struct SharingChanged {
    /// The document.
    pub id: Id,
}

/// Sent to somebody who may do something else with a document than before.
#[event(namespace = "/documents", name = "role_changed")]
pub struct RoleChanged {
    /// The document.
    pub id: Id,
    /// What they may do now.
    pub role: Role,
}

/// Says with whom a document is shared.
#[handler(namespace = "/documents", event = "sharing", guard = may_read)]
async fn sharing(
    Data(Which { id }): Data<Which>,
    user: User,
    documents: Collection<Document>,
) -> Result<Sharing, DocumentError> {
    let (document, role) = Document::find(&documents, id, &user).await?;
    Ok(document.sharing(role))
}

impl Document {
    /// With whom it is shared, as somebody of this role may know it.
    #[must_use]
    pub fn sharing(self, role: Role) -> Sharing {
        let link = self.link.filter(|_| role == Role::Owner);
        Sharing { owner: self.owner, people: self.people, link }
    }
}
