//! The sockets that somebody is logged in on, until when, and how they are ended.
//!
//! A socket never outlives its session: each one has a [`Login`] here from before its session is checked until it is gone.
//! So whoever ends a session, after that was written down, finds every socket of it.
//!
//! - [`Logins`]: the table, and who looks after it.
//! - [`Login`]: one socket's place in it.
//! - [`Expiry`]: when a log-in ends.

mod expiry;
mod login;
#[cfg(test)]
mod tests;

pub(crate) use expiry::Expiry;
pub(crate) use login::Login;

use super::{Ending, SessionId, events};
use crate::socket::Connection;
use expiry::End;
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// The sockets that somebody is logged in on.
pub(crate) struct Logins {
    tables: Mutex<Tables>,
    /// Told when what is due next may be another one.
    changed: Notify,
}

#[derive(Default)]
struct Tables {
    logins: HashMap<u64, Entry>,
    by_user: HashMap<String, BTreeSet<u64>>,
    schedule: BTreeSet<(Instant, u64)>,
    next: u64,
    /// How long before the end a client is told.
    notice: Duration,
}

struct Entry {
    user: String,
    session: Option<SessionId>,
    /// Nothing until the client is known to be who it says.
    connection: Weak<Connection>,
    /// The user's roles, where they were changed while the socket was not there yet.
    roles: Option<Vec<String>>,
    /// How long before the end its client is told; nothing until it is let in, as it could hear nothing.
    notice: Option<Duration>,
    end: Option<End>,
    ended: Option<Ending>,
}

/// Somebody who is logged in by a session of an account.
pub(super) struct LoggedIn {
    pub number: u64,
    pub user: String,
    pub session: SessionId,
    pub connection: Arc<Connection>,
}

/// What is to be done at a moment.
enum Due {
    Tell(Arc<Connection>, Expiry),
    End(Arc<Connection>, Ending),
}

impl Logins {
    /// Nobody yet. Clients are told `notice` before their log-in ends.
    pub fn new(notice: Duration) -> Self {
        Self { tables: Mutex::new(Tables { notice, ..Tables::default() }), changed: Notify::new() }
    }

    /// Clients are told this long before their log-in ends, from now on; who was told already is not told again.
    pub fn set_notice(&self, notice: Duration) {
        let mut tables = self.lock();
        if std::mem::replace(&mut tables.notice, notice) == notice {
            return;
        }
        let waits =
            |entry: &Entry| entry.notice.is_some() && entry.end.as_ref().is_some_and(|end| end.due < end.deadline);
        let waiting = tables.logins.iter().filter(|(_, entry)| waits(entry)).map(|(number, _)| *number);
        for number in waiting.collect::<Vec<_>>() {
            let Some(entry) = tables.logins.get_mut(&number) else { continue };
            entry.notice = Some(notice);
            let expiry = entry.end.as_ref().map(|end| end.expiry);
            tables.put_end(number, expiry);
        }
        drop(tables);
        self.changed.notify_one();
    }

    /// How many log-ins there are.
    pub fn count(&self) -> usize {
        self.lock().logins.len()
    }

    /// Somebody is about to log in on a socket.
    pub fn open(self: &Arc<Self>, user: &str, session: Option<SessionId>, expiry: Option<Expiry>) -> Login {
        let mut tables = self.lock();
        let number = tables.next;
        tables.next += 1;
        let user = user.to_owned();
        tables.by_user.entry(user.clone()).or_default().insert(number);
        let entry = Entry { user, session, connection: Weak::new(), roles: None, notice: None, end: None, ended: None };
        tables.logins.insert(number, entry);
        tables.put_end(number, expiry);
        drop(tables);
        self.changed.notify_one();
        Login { number, logins: self.clone() }
    }

    /// Ends the log-ins of a user for which `which` holds: their clients are told why, and put out; those that are being let
    /// in are refused. Returns how many sockets were put out.
    pub fn end(&self, user: &str, ending: Ending, which: impl Fn(Option<&SessionId>) -> bool) -> usize {
        let mut connections = Vec::new();
        {
            let mut tables = self.lock();
            let numbers = tables.by_user.get(user).cloned().unwrap_or_default();
            for number in numbers {
                let Some(entry) = tables.logins.get_mut(&number) else { continue };
                if entry.ended.is_none() && which(entry.session.as_ref()) {
                    entry.ended = Some(ending);
                    connections.extend(entry.connection.upgrade());
                }
            }
        }
        for connection in &connections {
            connection.log_out(ending);
        }
        connections.len()
    }

    /// A user of an account has these roles and no other: ends the log-ins that began with one more.
    pub fn end_where_roles_are_lost(&self, user: &str, roles: &[String]) {
        let mut there = Vec::new();
        {
            let mut tables = self.lock();
            for number in tables.by_user.get(user).cloned().unwrap_or_default() {
                let Some(entry) = tables.logins.get_mut(&number) else { continue };
                match entry.logged_in(number) {
                    Some(who) => there.push(who),
                    // it is being let in, perhaps with the roles of before
                    None => entry.roles = Some(roles.to_vec()),
                }
            }
        }
        for who in there.iter().filter(|who| who.connection.has_lost_a_role(roles)) {
            self.end_one(who, Ending::RoleLost);
        }
    }

    /// A session was refreshed: its log-ins last longer.
    pub fn extend(&self, user: &str, session: &SessionId, expiry: Expiry) {
        let mut tables = self.lock();
        for number in tables.by_user.get(user).cloned().unwrap_or_default() {
            if tables.logins.get(&number).is_some_and(|entry| entry.session.as_ref() == Some(session)) {
                tables.set_end(number, expiry);
            }
        }
        drop(tables);
        self.changed.notify_one();
    }

    /// Everybody who is logged in by a session of an account.
    pub(super) fn everybody(&self) -> Vec<LoggedIn> {
        let tables = self.lock();
        tables.logins.iter().filter_map(|(number, entry)| entry.logged_in(*number)).collect()
    }

    /// Ends one log-in, unless it belongs to another session meanwhile.
    pub(super) fn end_one(&self, who: &LoggedIn, ending: Ending) {
        {
            let mut tables = self.lock();
            let Some(entry) = tables.logins.get_mut(&who.number) else { return };
            if entry.ended.is_some() || entry.session.as_ref() != Some(&who.session) {
                return;
            }
            entry.ended = Some(ending);
        }
        who.connection.log_out(ending);
    }

    /// Tells clients that their log-in is about to end, and ends it, for ever.
    pub async fn watch(self: Arc<Self>) {
        loop {
            let (due, next) = self.due(Instant::now());
            for due in due {
                match due {
                    Due::Tell(connection, expiry) => events::tell_expiring(&connection, expiry.at),
                    Due::End(connection, ending) => connection.log_out(ending),
                }
            }
            match next {
                Some(next) => tokio::select! {
                    () = tokio::time::sleep_until(next) => {}
                    () = self.changed.notified() => {}
                },
                None => self.changed.notified().await,
            }
        }
    }

    /// What is to be done now, and when to look again.
    ///
    /// A connection that is found is handed on, never dropped in here: dropping the last one ends its log-in, which takes
    /// the same lock.
    fn due(&self, now: Instant) -> (Vec<Due>, Option<Instant>) {
        let mut due = Vec::new();
        let mut tables = self.lock();
        while let Some(&(at, number)) = tables.schedule.first().filter(|(at, _)| *at <= now) {
            tables.schedule.remove(&(at, number));
            let Some(entry) = tables.logins.get_mut(&number) else { continue };
            let Some(end) = &mut entry.end else { continue };
            if now < end.deadline {
                end.due = end.deadline;
                due.extend(entry.connection.upgrade().map(|connection| Due::Tell(connection, end.expiry)));
                let next = (end.due, number);
                tables.schedule.insert(next);
            } else if entry.ended.is_none() {
                entry.ended = Some(Ending::Expired);
                due.extend(entry.connection.upgrade().map(|connection| Due::End(connection, Ending::Expired)));
            }
        }
        (due, tables.schedule.first().map(|(at, _)| *at))
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// Nothing where the log-in has ended, or is none of an account's, or has no socket yet.
    fn logged_in(&self, number: u64) -> Option<LoggedIn> {
        let session = self.session.clone().filter(|_| self.ended.is_none())?;
        // the last question: a connection that is found is handed on, never dropped under the lock
        let connection = self.connection.upgrade()?;
        Some(LoggedIn { number, user: self.user.clone(), session, connection })
    }
}

impl Tables {
    /// Another end, unless the log-in has ended, or would end sooner than it does.
    fn set_end(&mut self, number: u64, expiry: Expiry) {
        let Some(entry) = self.logins.get(&number).filter(|entry| entry.ended.is_none()) else { return };
        if entry.end.as_ref().is_none_or(|old| expiry.deadline() > old.deadline) {
            self.put_end(number, Some(expiry));
        }
    }

    /// Another end, also a sooner one, or none.
    fn put_end(&mut self, number: u64, expiry: Option<Expiry>) {
        let Some(entry) = self.logins.get_mut(&number) else { return };
        let new = expiry.map(|expiry| End::new(expiry, entry.notice));
        if let Some(old) = &entry.end {
            self.schedule.remove(&(old.due, number));
        }
        if let Some(new) = &new {
            self.schedule.insert((new.due, number));
        }
        entry.end = new;
    }
}
