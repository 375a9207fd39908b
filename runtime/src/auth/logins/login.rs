//! One socket's place in the table of log-ins.

use super::{Logins, expiry::Expiry};
use crate::{
    auth::{Ending, SessionId},
    socket::Connection,
    wire::Timestamp,
};
use std::{fmt, sync::Arc};

/// A socket that somebody is logged in on. It is forgotten when this is dropped.
pub(crate) struct Login {
    pub(super) number: u64,
    pub(super) logins: Arc<Logins>,
}

impl Login {
    /// The client is who it says, and this is its socket.
    ///
    /// # Errors
    /// Why the log-in has ended meanwhile.
    pub fn attach(&self, connection: &Arc<Connection>) -> Result<(), Ending> {
        let mut tables = self.logins.lock();
        let Some(entry) = tables.logins.get_mut(&self.number) else { return Err(Ending::LoggedOut) };
        entry.connection = Arc::downgrade(connection);
        if entry.roles.take().is_some_and(|roles| connection.has_lost_a_role(&roles)) {
            entry.ended = entry.ended.or(Some(Ending::RoleLost));
        }
        entry.ended.map_or(Ok(()), Err)
    }

    /// CONNECT is answered: the client may be told from now on, and one that comes with little time left is told at once.
    pub fn let_in(&self) {
        let mut tables = self.logins.lock();
        let notice = tables.notice;
        let Some(entry) = tables.logins.get_mut(&self.number).filter(|entry| entry.ended.is_none()) else { return };
        entry.notice = Some(notice);
        let expiry = entry.end.as_ref().map(|end| end.expiry);
        tables.put_end(self.number, expiry);
        drop(tables);
        self.logins.changed.notify_one();
    }

    /// The client has proved anew who it is, and is logged in until then; `None` is for ever. A log-in by the same session
    /// never ends sooner than it would have.
    ///
    /// `proof` was opened before the proof was looked at: whatever ended its session meanwhile has found it.
    ///
    /// # Errors
    /// Why the proof, or the log-in, has ended meanwhile.
    pub fn renew(&self, proof: &Self, expiry: Option<Expiry>) -> Result<(), Ending> {
        let mut tables = self.logins.lock();
        let Some(proof) = tables.logins.get(&proof.number) else { return Err(Ending::LoggedOut) };
        let (ended, session) = (proof.ended, proof.session.clone());
        let Some(entry) = tables.logins.get_mut(&self.number) else { return Err(Ending::LoggedOut) };
        if let Some(ending) = ended.or(entry.ended) {
            return Err(ending);
        }
        let same = entry.session == session;
        entry.session = session;
        match expiry {
            Some(_) if same && entry.end.is_none() => {}
            Some(expiry) if same => tables.set_end(self.number, expiry),
            expiry => tables.put_end(self.number, expiry),
        }
        drop(tables);
        self.logins.changed.notify_one();
        Ok(())
    }

    /// The session this log-in belongs to, and when it ends.
    pub fn state(&self) -> (Option<SessionId>, Option<Timestamp>) {
        let tables = self.logins.lock();
        let entry = tables.logins.get(&self.number);
        let session = entry.and_then(|entry| entry.session.clone());
        let end = entry.and_then(|entry| entry.end.as_ref()).map(|end| Timestamp::from(end.expiry.at));
        (session, end)
    }
}

impl Drop for Login {
    fn drop(&mut self) {
        let mut tables = self.logins.lock();
        let Some(entry) = tables.logins.remove(&self.number) else { return };
        if let Some(end) = &entry.end {
            tables.schedule.remove(&(end.due, self.number));
        }
        if let Some(numbers) = tables.by_user.get_mut(&entry.user) {
            numbers.remove(&self.number);
            if numbers.is_empty() {
                tables.by_user.remove(&entry.user);
            }
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Login({})", self.number)
    }
}
