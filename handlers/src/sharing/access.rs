//! Who may do what with a document, and the guards that see to it.

use crate::{
    documents::{Document, Which},
    error::DocumentError,
};
use lambdio::{
    mongo::bson::{Document as Filter, doc},
    prelude::*,
};

/// A user, as others see them.
#[payload]
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The user's id.
    pub id: String,
    /// What the user is called.
    pub name: String,
}

/// What somebody may do with a document. Who may do more comes first.
#[payload]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything.
    Owner,
    /// Read and write.
    Editor,
    /// Read.
    Reader,
}

/// What an owner may let others do.
#[payload]
#[derive(Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Granted {
    /// Read and write.
    Editor,
    /// Read.
    Reader,
}

/// Somebody with access to a document who is not its owner.
#[payload]
#[derive(Clone)]
pub struct Member {
    /// Who it is.
    #[serde(flatten)]
    pub person: Person,
    /// What they may do.
    pub role: Granted,
    /// Whether they came by the link, and go with it.
    pub by_link: bool,
}

/// A link that gives access to whoever has it.
#[payload]
#[derive(Clone)]
pub struct Link {
    /// What it lets them do.
    pub role: Granted,
    /// The secret in it.
    pub key: String,
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        Self { id: user.id().to_owned(), name: user.name().to_owned() }
    }
}

impl From<Granted> for Role {
    fn from(granted: Granted) -> Self {
        match granted {
            Granted::Editor => Self::Editor,
            Granted::Reader => Self::Reader,
        }
    }
}

impl Document {
    /// What this user may do; `None` is nothing.
    #[must_use]
    pub fn role_of(&self, user_id: &str) -> Option<Role> {
        if self.owner.id == user_id {
            return Some(Role::Owner);
        }
        self.people.iter().find(|member| member.person.id == user_id).map(|member| member.role.into())
    }

    /// The documents that this user has access to.
    #[must_use]
    pub fn of(user: &User) -> Filter {
        doc! { "$or": [{ "owner.id": user.id() }, { "people.id": user.id() }] }
    }

    /// A document, and what this user may do with it.
    ///
    /// # Errors
    /// [`DocumentError::NotFound`] also for those who have no access: whether it exists is not their business.
    pub async fn find(documents: &Collection<Self>, id: Id, user: &User) -> Result<(Self, Role), DocumentError> {
        let document = documents.find_one(doc! { "_id": id }).await?.ok_or(DocumentError::NotFound)?;
        let role = document.role_of(user.id()).ok_or(DocumentError::NotFound)?;
        Ok((document, role))
    }
}

/// Lets those pass who may read the document.
///
/// # Errors
/// [`DocumentError::NotFound`].
#[guard]
pub async fn may_read(
    Data(Which { id }): Data<Which>,
    user: User,
    documents: Collection<Document>,
) -> Result<(), DocumentError> {
    Document::find(&documents, id, &user).await.map(drop)
}

/// Lets those pass who may write the document.
///
/// # Errors
/// [`DocumentError::NotFound`], [`DocumentError::ReadOnly`].
#[guard]
pub async fn may_write(
    Data(Which { id }): Data<Which>,
    user: User,
    documents: Collection<Document>,
) -> Result<(), DocumentError> {
    match Document::find(&documents, id, &user).await? {
        (_, Role::Reader) => Err(DocumentError::ReadOnly),
        (_, Role::Owner | Role::Editor) => Ok(()),
    }
}

/// Lets the document's owner pass.
///
/// # Errors
/// [`DocumentError::NotFound`], [`DocumentError::NotOwner`].
#[guard]
pub async fn is_owner(
    Data(Which { id }): Data<Which>,
    user: User,
    documents: Collection<Document>,
) -> Result<(), DocumentError> {
    match Document::find(&documents, id, &user).await? {
        (_, Role::Owner) => Ok(()),
        (_, Role::Editor | Role::Reader) => Err(DocumentError::NotOwner),
    }
}

/// Lets those pass who have access and are not the owner.
///
/// # Errors
/// [`DocumentError::NotFound`], [`DocumentError::OwnerStays`].
#[guard]
pub async fn may_leave(
    Data(Which { id }): Data<Which>,
    user: User,
    documents: Collection<Document>,
) -> Result<(), DocumentError> {
    match Document::find(&documents, id, &user).await? {
        (_, Role::Owner) => Err(DocumentError::OwnerStays),
        (_, Role::Editor | Role::Reader) => Ok(()),
    }
}
