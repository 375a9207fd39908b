//! Who has which document open.

use crate::document::{Which, room};
use lambdio::prelude::*;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Who has which document open.
///
/// The table changes and is told to everybody in one step, under one lock: the last list that a client sees is the true
/// one.
#[derive(Default)]
pub struct People(Mutex<HashMap<Id, Vec<(SocketId, User)>>>);

/// Somebody who has a document open.
#[payload]
pub struct Person {
    /// The user's id.
    pub id: String,
    /// What the user is called.
    pub name: String,
}

/// Sent to everybody who has a document open when somebody comes or goes.
#[event(namespace = "/documents", name = "people")]
pub struct PeopleChanged {
    /// The document.
    pub id: Id,
    /// Everybody who has it open, each once, sorted by name.
    pub people: Vec<Person>,
}

impl People {
    /// Somebody has opened a document. Returns who is there now.
    ///
    /// # Errors
    /// None that a client could cause: see [`Socket::emit`].
    pub fn enter(&self, id: Id, socket: &Socket, user: &User) -> Result<Vec<Person>, lambdio::Error> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = open.entry(id).or_default();
        if !entries.iter().any(|(known, _)| known == socket.id()) {
            entries.push((socket.id().clone(), user.clone()));
        }
        socket.to(room(id)).emit(&PeopleChanged { id, people: persons(entries) })?;
        Ok(persons(entries))
    }

    /// Somebody has closed a document, or is gone.
    ///
    /// # Errors
    /// None that a client could cause: see [`Socket::emit`].
    pub fn leave(&self, id: Id, socket: &Socket) -> Result<(), lambdio::Error> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entries) = open.get_mut(&id) else { return Ok(()) };
        entries.retain(|(known, _)| known != socket.id());
        socket.to(room(id)).emit(&PeopleChanged { id, people: persons(entries) })?;
        if entries.is_empty() {
            open.remove(&id);
        }
        Ok(())
    }

    /// The document is no more.
    pub fn forget(&self, id: Id) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// The documents that a socket has open.
    #[must_use]
    pub fn opened_by(&self, socket: &Socket) -> Vec<Id> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter()
            .filter(|(_, entries)| entries.iter().any(|(known, _)| known == socket.id()))
            .map(|(id, _)| *id)
            .collect()
    }
}

/// Each user once, however many sockets they have.
fn persons(entries: &[(SocketId, User)]) -> Vec<Person> {
    let mut people: Vec<Person> = entries
        .iter()
        .map(|(_, user)| Person { id: user.id().to_owned(), name: user.name().to_owned() })
        .collect();
    people.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    people.dedup_by(|one, other| one.id == other.id);
    people
}

/// Closes a document.
#[handler(namespace = "/documents", event = "close")]
async fn close(Data(Which { id }): Data<Which>, socket: Socket, people: Provided<People>) -> Result<(), lambdio::Error> {
    socket.leave(room(id));
    people.leave(id, &socket)
}

/// A lost connection closes everything.
#[disconnect(namespace = "/documents")]
async fn close_all(socket: Socket, people: Provided<People>) -> Result<(), lambdio::Error> {
    people.opened_by(&socket).into_iter().try_for_each(|id| people.leave(id, &socket))
}
