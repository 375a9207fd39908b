//! Looks now and then for sessions that were ended elsewhere: by another server, or in the database by hand.

use super::{Accounts, account_id, stored::Standing};
use crate::{
    auth::{Ending, logins::LoggedIn},
    error::Error,
    log::Causes,
    wire::{Id, Timestamp},
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::time::Instant;

/// Accounts that are asked for at once.
const BATCH: usize = 500;

impl Accounts {
    /// Checks the sessions of all sockets, each time `auth.check_interval` has passed, for ever.
    pub async fn review(self: Arc<Self>) {
        let mut last = Instant::now();
        loop {
            self.review_once().await;
            // a pause that becomes shorter meanwhile ends sooner
            while let Some(pause) = self.pause_after(last) {
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = self.changed.notified() => {}
                }
            }
            last = Instant::now();
        }
    }

    /// How long to wait until the sessions are to be looked at again.
    fn pause_after(&self, last: Instant) -> Option<Duration> {
        let pause = self.terms().check_interval.saturating_sub(last.elapsed());
        (!pause.is_zero()).then_some(pause)
    }

    async fn review_once(&self) {
        let mut by_account: HashMap<Id, Vec<LoggedIn>> = HashMap::new();
        for who in self.logins.everybody() {
            if let Ok(id) = account_id(&who.user) {
                by_account.entry(id).or_default().push(who);
            }
        }
        let ids: Vec<Id> = by_account.keys().copied().collect();
        for batch in ids.chunks(BATCH) {
            if let Err(error) = self.review_batch(batch, &by_account).await {
                // what cannot be checked ends when its token expires
                tracing::warn!(%error, cause = error.cause().map(Causes).map(display), "sessions could not be checked");
            }
        }
    }

    async fn review_batch(&self, ids: &[Id], by_account: &HashMap<Id, Vec<LoggedIn>>) -> Result<(), Error> {
        let found: HashMap<Id, Standing> =
            self.store.standings(ids).await?.into_iter().map(|account| (account.id, account)).collect();
        for id in ids {
            let account = found.get(id);
            for who in by_account.get(id).into_iter().flatten() {
                if let Some(ending) = ending(account, who) {
                    self.logins.end_one(who, ending);
                }
            }
        }
        Ok(())
    }
}

/// Why a log-in has to end, if it has to.
fn ending(account: Option<&Standing>, who: &LoggedIn) -> Option<Ending> {
    let Some(account) = account.filter(|account| !account.disabled) else { return Some(Ending::Disabled) };
    let session = account.sessions.iter().find(|session| session.id == who.session);
    match session {
        None => Some(Ending::Revoked),
        Some(session) if session.has_expired(Timestamp::now()) => Some(Ending::Expired),
        Some(_) if who.connection.has_lost_a_role(&account.roles) => Some(Ending::RoleLost),
        Some(_) => None,
    }
}
