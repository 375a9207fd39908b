//! Typed data on a socket.

use http::Extensions;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Values that handlers keep on a socket, one of each type. They live as long as the connection.
///
/// ```no_run
/// # use lambdio::prelude::*;
/// #[derive(Clone, Default)]
/// struct OpenDocuments(Vec<Id>);
///
/// # fn example(socket: &Socket, id: Id) {
/// socket.data().update(|open: &mut OpenDocuments| open.0.push(id));
/// let open: Option<OpenDocuments> = socket.data().get();
/// # }
/// ```
#[derive(Debug, Default)]
pub struct SocketData(Mutex<Extensions>);

impl SocketData {
    /// A copy of the value of this type, if there is one.
    pub fn get<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.lock().get().cloned()
    }

    /// Keeps a value, and gives back the one of its type that was there before.
    pub fn insert<T: Clone + Send + Sync + 'static>(&self, value: T) -> Option<T> {
        self.lock().insert(value)
    }

    /// Takes the value of this type away.
    pub fn remove<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.lock().remove()
    }

    /// Changes the value of this type in place; a missing one starts with its default.
    ///
    /// No other access to the socket's data happens meanwhile: `change` must be quick and must not use the data itself.
    pub fn update<T: Clone + Default + Send + Sync + 'static, R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        change(self.lock().get_or_insert_default())
    }

    fn lock(&self) -> MutexGuard<'_, Extensions> {
        // a panic inside `update` leaves a value of its type behind, which is all that is promised
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
