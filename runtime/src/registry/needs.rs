//! What a handler's arguments and reply need.

use crate::{auth::ClaimsType, error::ErrorCase, mongo::Stored};
use mongodb::IndexModel;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::any::TypeId;

/// Gives the schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What a handler's arguments and reply need, declared by each of them at start.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing that a handler may need")]
pub struct Needs {
    pub(crate) user: UserNeed,
    /// Of users: the types of claims that are asked for.
    pub(crate) claims: Vec<ClaimsType>,
    pub(crate) sessions: bool,
    pub(crate) database: bool,
    pub(crate) presence: bool,
    pub(crate) raw_body: bool,
    pub(crate) collections: Vec<CollectionNeed>,
    pub(crate) provided: Vec<(TypeId, &'static str)>,
    pub(crate) payload: Option<SchemaOf>,
    pub(crate) reply: Option<SchemaOf>,
    pub(crate) errors: Vec<ErrorCase>,
}

/// Whether a handler asks who is logged in.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UserNeed {
    #[default]
    None,
    Optional,
    Required,
}

/// A collection that a handler asks for.
#[derive(Clone)]
pub(crate) struct CollectionNeed {
    pub name: &'static str,
    pub indexes: fn() -> Vec<IndexModel>,
}

impl Needs {
    pub(crate) fn user(&mut self, need: UserNeed) {
        self.user = self.user.max(need);
    }

    /// The handler asks for users with such claims.
    pub(crate) fn claims<C: 'static>(&mut self) {
        if ClaimsType::of::<C>() != ClaimsType::of::<()>() {
            self.claims.push(ClaimsType::of::<C>());
        }
    }

    /// The handler ends sessions.
    pub(crate) fn sessions(&mut self) {
        self.sessions = true;
    }

    /// The handler asks for the database.
    pub fn database(&mut self) {
        self.database = true;
    }

    /// The handler asks for a collection.
    pub fn collection<T: Stored>(&mut self) {
        self.database = true;
        self.collections.push(CollectionNeed { name: T::COLLECTION, indexes: T::indexes });
    }

    /// The handler asks for a value that the application provides.
    pub fn provided<T: 'static>(&mut self) {
        self.provided.push((TypeId::of::<T>(), std::any::type_name::<T>()));
    }

    /// The handler tracks presence: its namespace sends the events of [`presence::EVENTS`](crate::presence::EVENTS).
    pub fn presence(&mut self) {
        self.presence = true;
    }

    /// The route reads its body as it comes: it takes every `content-type` that no form of another site can send, in place
    /// of `application/json` alone.
    pub fn raw_body(&mut self) {
        self.raw_body = true;
    }

    /// The handler takes a payload of this type.
    pub fn payload<T: JsonSchema>(&mut self) {
        self.payload = Some(schema_of::<T>);
    }

    /// The handler replies with this type.
    pub fn reply<T: JsonSchema>(&mut self) {
        self.reply = Some(schema_of::<T>);
    }

    /// The handler fails with these codes, beside others.
    pub fn errors(&mut self, cases: &[ErrorCase]) {
        for case in cases {
            if !self.errors.contains(case) {
                self.errors.push(*case);
            }
        }
    }
}

/// The schema of `T`, in place.
pub fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}
