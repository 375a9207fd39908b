//! Runs an invocation, so that every line that is told inside it carries its name.
//!
//! There is no span of `tracing` for it: those cost every event an allocation and several locks, whether anything is told or
//! not. Here the invocation is handed to the thread for as long as it is polled, and taken back.

use super::{Invocation, watch::Busy};
use crate::{auth::User, socket::SocketId};
use std::{future::poll_fn, pin::pin};

tokio::task_local! {
    static CURRENT: Invocation;
}

/// Runs `work` as this invocation. What it hands to other tasks or threads is not part of it.
pub(crate) async fn within<T>(invocation: Invocation, work: impl Future<Output = T>) -> T {
    let (site, id) = (invocation.site(), invocation.id);
    let mut work = pin!(CURRENT.scope(invocation, work));
    poll_fn(|cx| {
        let _busy = Busy::begin(site, id);
        work.as_mut().poll(cx)
    })
    .await
}

/// Runs a function as this invocation, where there is one.
pub(crate) fn within_sync<T>(invocation: Option<Invocation>, work: impl FnOnce() -> T) -> T {
    match invocation {
        Some(invocation) => CURRENT.sync_scope(invocation, work),
        None => work(),
    }
}

/// The invocation that is running here.
pub(crate) fn current() -> Option<Invocation> {
    look(Clone::clone)
}

/// Looks at the invocation that is running here, if one is.
pub(crate) fn look<T>(see: impl FnOnce(&Invocation) -> T) -> Option<T> {
    CURRENT.try_with(see).ok()
}

/// What the invocation that is running here finds out about who asks for it.
pub(crate) mod found {
    use super::{SocketId, User, look};

    /// Who is logged in.
    pub(crate) fn user(user: Option<&User>) {
        if let Some(user) = user {
            look(|invocation| invocation.found_user(user));
        }
    }

    /// Their socket.
    pub(crate) fn socket(socket: &SocketId) {
        look(|invocation| invocation.found_socket(socket));
    }
}
