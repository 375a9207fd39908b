//! Who has which document open.

use crate::document::{Which, room};
use lambdio::prelude::*;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
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

/// The documents that a socket has open; kept in its data.
#[derive(Clone, Default)]
struct Opened(Vec<Id>);

impl People {
    /// A socket opens a document: from now on it is in the document's room. Returns who is there.
    ///
    /// # Errors
    /// When the client has left meanwhile.
    pub fn enter(&self, id: Id, socket: &Socket, user: &User) -> Result<Vec<Person>, lambdio::Error> {
        let mut open = self.lock();
        socket.join(room(id))?;
        let entries = open.entry(id).or_default();
        if !entries.iter().any(|(known, _)| known == socket.id()) {
            entries.push((socket.id().clone(), user.clone()));
            socket.data().update(|opened: &mut Opened| opened.0.push(id));
        }
        socket.to(room(id)).emit(&PeopleChanged { id, people: persons(entries) })?;
        Ok(persons(entries))
    }

    /// A socket closes a document. Closing what is not open changes nothing.
    ///
    /// # Errors
    /// None that a client could cause: see [`Recipients::emit`].
    pub fn leave(&self, id: Id, socket: &Socket) -> Result<(), lambdio::Error> {
        let mut open = self.lock();
        socket.leave(room(id));
        socket.data().update(|opened: &mut Opened| opened.0.retain(|known| *known != id));
        let Some(entries) = open.get_mut(&id) else { return Ok(()) };
        let before = entries.len();
        entries.retain(|(known, _)| known != socket.id());
        if entries.len() < before {
            socket.to(room(id)).emit(&PeopleChanged { id, people: persons(entries) })?;
        }
        if entries.is_empty() {
            open.remove(&id);
        }
        Ok(())
    }

    /// The document is no more: nobody has it open.
    pub fn forget(&self, id: Id, emitter: &Emitter) {
        self.lock().remove(&id);
        for socket in emitter.sockets("/documents", room(id)) {
            socket.leave(room(id));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Id, Vec<(SocketId, User)>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Each user once, however many sockets they have.
fn persons(entries: &[(SocketId, User)]) -> Vec<Person> {
    let mut people: Vec<Person> = entries.iter().map(|(_, user)| Person::from(user)).collect();
    people.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    people.dedup_by(|one, other| one.id == other.id);
    people
}

impl From<&User> for Person {
    fn from(user: &User) -> Self {
        Self { id: user.id().to_owned(), name: user.name().to_owned() }
    }
}

/// Closes a document.
#[handler(namespace = "/documents", event = "close")]
async fn close(
    Data(Which { id }): Data<Which>,
    socket: Socket,
    people: Provided<People>,
) -> Result<(), lambdio::Error> {
    people.leave(id, &socket)
}

/// A lost connection closes everything.
#[disconnect(namespace = "/documents")]
async fn close_all(socket: Socket, people: Provided<People>) -> Result<(), lambdio::Error> {
    let Opened(ids) = socket.data().get().unwrap_or_default();
    ids.into_iter().try_for_each(|id| people.leave(id, &socket))
}
