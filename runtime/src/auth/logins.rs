//! The sockets that somebody is logged in on, until when, and how they are ended.
//!
//! A socket never outlives its session: each one has a [`Login`] here from before its session is checked until it is gone.
//! So whoever ends a session, after that was written down, finds every socket of it.

use super::{Ending, SessionId, events};
use crate::{socket::Connection, wire::Timestamp};
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, SystemTime},
};
use tokio::{sync::Notify, time::Instant};

/// What lasts longer is not waited for: ten years.
const FOREVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// The sockets that somebody is logged in on.
pub(crate) struct Logins {
    tables: Mutex<Tables>,
    /// Told when what is due next may be another one.
    changed: Notify,
    /// How long before the end a client is told.
    notice: Duration,
}

#[derive(Default)]
struct Tables {
    logins: HashMap<u64, Entry>,
    by_user: HashMap<String, BTreeSet<u64>>,
    schedule: BTreeSet<(Instant, u64)>,
    next: u64,
}

struct Entry {
    user: String,
    session: Option<SessionId>,
    /// Nothing until the client is known to be who it says.
    connection: Weak<Connection>,
    /// Whether the client is in its namespace, where it can be told something.
    entered: bool,
    end: Option<End>,
    ended: Option<Ending>,
}

/// When a log-in ends.
#[derive(Clone, Copy)]
pub(crate) struct Expiry {
    /// What clients are told.
    pub at: SystemTime,
    /// How long it counts beyond that, because clocks differ.
    pub leeway: Duration,
}

struct End {
    expiry: Expiry,
    deadline: Instant,
    /// When there is something to do: tell, or end.
    due: Instant,
}

/// A socket that somebody is logged in on. It is forgotten when this is dropped.
pub(crate) struct Login {
    number: u64,
    logins: Arc<Logins>,
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
        Self { tables: Mutex::default(), changed: Notify::new(), notice }
    }

    /// Somebody is about to log in on a socket.
    pub fn open(self: &Arc<Self>, user: &str, session: Option<SessionId>, expiry: Option<Expiry>) -> Login {
        let end = expiry.map(|expiry| End::new(expiry, self.notice));
        let mut tables = self.lock();
        let number = tables.next;
        tables.next += 1;
        if let Some(end) = &end {
            tables.schedule.insert((end.due, number));
        }
        let entry = Entry { user: user.to_owned(), session, connection: Weak::new(), entered: false, end, ended: None };
        tables.by_user.entry(user.to_owned()).or_default().insert(number);
        tables.logins.insert(number, entry);
        drop(tables);
        self.changed.notify_one();
        Login { number, logins: self.clone() }
    }

    /// Ends the log-ins of a user for which `which` holds: their clients are told why, and put out. Returns how many.
    pub fn end(&self, user: &str, ending: Ending, which: impl Fn(Option<&SessionId>) -> bool) -> usize {
        let mut connections = Vec::new();
        let mut count = 0;
        {
            let mut tables = self.lock();
            let numbers = tables.by_user.get(user).cloned().unwrap_or_default();
            for number in numbers {
                let Some(entry) = tables.logins.get_mut(&number) else { continue };
                if entry.ended.is_none() && which(entry.session.as_ref()) {
                    entry.ended = Some(ending);
                    count += 1;
                    connections.extend(entry.connection.upgrade());
                }
            }
        }
        for connection in &connections {
            connection.log_out(ending);
        }
        count
    }

    /// A session was refreshed: its log-ins last longer.
    pub fn extend(&self, user: &str, session: &SessionId, expiry: Expiry) {
        let mut tables = self.lock();
        for number in tables.by_user.get(user).cloned().unwrap_or_default() {
            if tables.logins.get(&number).is_some_and(|entry| entry.session.as_ref() == Some(session)) {
                tables.set_end(number, expiry, self.notice);
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

    /// The sockets of one user who is logged in by a session of an account.
    pub(super) fn of_user(&self, user: &str) -> Vec<LoggedIn> {
        let tables = self.lock();
        let numbers = tables.by_user.get(user).into_iter().flatten();
        numbers.filter_map(|number| tables.logins.get(number)?.logged_in(*number)).collect()
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
    fn due(&self, now: Instant) -> (Vec<Due>, Option<Instant>) {
        let mut due = Vec::new();
        let mut tables = self.lock();
        while let Some(&(at, number)) = tables.schedule.first().filter(|(at, _)| *at <= now) {
            tables.schedule.remove(&(at, number));
            let Some(entry) = tables.logins.get_mut(&number) else { continue };
            let Some(end) = &mut entry.end else { continue };
            let connection = entry.connection.upgrade();
            if now < end.deadline {
                end.due = end.deadline;
                due.extend(connection.filter(|_| entry.entered).map(|connection| Due::Tell(connection, end.expiry)));
                let next = (end.due, number);
                tables.schedule.insert(next);
            } else if entry.ended.is_none() {
                entry.ended = Some(Ending::Expired);
                due.extend(connection.map(|connection| Due::End(connection, Ending::Expired)));
            }
        }
        (due, tables.schedule.first().map(|(at, _)| *at))
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn logged_in(&self, number: u64) -> Option<LoggedIn> {
        let (session, connection) = (self.session.clone()?, self.connection.upgrade()?);
        self.ended.is_none().then(|| LoggedIn { number, user: self.user.clone(), session, connection })
    }
}

impl Tables {
    /// Another end, unless the log-in has ended, or would end sooner than it does.
    fn set_end(&mut self, number: u64, expiry: Expiry, notice: Duration) {
        let Some(entry) = self.logins.get_mut(&number).filter(|entry| entry.ended.is_none()) else { return };
        let new = End::new(expiry, notice);
        if let Some(old) = &entry.end {
            if new.deadline <= old.deadline {
                return;
            }
            self.schedule.remove(&(old.due, number));
        }
        self.schedule.insert((new.due, number));
        entry.end = Some(new);
    }

    /// Who is to be told of the end can be told from now on.
    fn enter(&mut self, number: u64, notice: Duration) {
        let Some(entry) = self.logins.get_mut(&number) else { return };
        entry.entered = true;
        let Some(end) = entry.end.as_mut().filter(|_| entry.ended.is_none()) else { return };
        self.schedule.remove(&(end.due, number));
        *end = End::new(end.expiry, notice);
        self.schedule.insert((end.due, number));
    }

    /// No end any more, unless the log-in has ended.
    fn clear_end(&mut self, number: u64) {
        let Some(entry) = self.logins.get_mut(&number).filter(|entry| entry.ended.is_none()) else { return };
        if let Some(end) = entry.end.take() {
            self.schedule.remove(&(end.due, number));
        }
    }
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
        entry.ended.map_or(Ok(()), Err)
    }

    /// The client is in its namespace. One that comes with little time left is told at once.
    pub fn enter(&self) {
        self.logins.lock().enter(self.number, self.logins.notice);
        self.logins.changed.notify_one();
    }

    /// The client has proved anew who it is. `None` is a log-in without an end.
    pub fn renew(&self, session: Option<SessionId>, expiry: Option<Expiry>) {
        let mut tables = self.logins.lock();
        if let Some(entry) = tables.logins.get_mut(&self.number) {
            entry.session = session;
        }
        match expiry {
            Some(expiry) => tables.set_end(self.number, expiry, self.logins.notice),
            None => tables.clear_end(self.number),
        }
        drop(tables);
        self.logins.changed.notify_one();
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

impl Expiry {
    /// How long from now until it is over.
    fn left(self) -> Duration {
        let end = self.at.checked_add(self.leeway).unwrap_or(self.at);
        end.duration_since(SystemTime::now()).unwrap_or_default().min(FOREVER)
    }
}

impl End {
    fn new(expiry: Expiry, notice: Duration) -> Self {
        let now = Instant::now();
        let deadline = now + expiry.left();
        let due = deadline.checked_sub(notice + expiry.leeway).unwrap_or(now).max(now);
        Self { expiry, deadline, due }
    }
}
