//! Accounts in the database. Each method is one step: it happens whole or not at all.

use super::stored::{Account, Previous, Standing, StoredSession, Summary};
use crate::{
    auth::SessionId,
    error::Error,
    mongo::Stored,
    wire::{Id, Timestamp},
};
use futures_util::TryStreamExt;
use mongodb::{
    Collection, Database,
    bson::{Document, doc, serialize_to_bson},
    error::{ErrorKind, WriteFailure},
    options::{CollectionOptions, ReadPreference, SelectionCriteria},
};

/// Accounts in the database.
#[derive(Clone)]
pub(super) struct Store {
    accounts: Collection<Account>,
    standings: Collection<Standing>,
}

/// The networks an account remembers.
const KNOWN_NETWORKS: i32 = 16;

impl Store {
    pub fn new(database: &Database) -> Self {
        // whatever mongo.uri says of reading: a secondary may not know yet of a session that was ended, or begun
        let primary = SelectionCriteria::ReadPreference(ReadPreference::Primary);
        let options = CollectionOptions::builder().selection_criteria(primary).build();
        Self {
            accounts: database.collection_with_options(Account::COLLECTION, options.clone()),
            standings: database.collection_with_options(Account::COLLECTION, options),
        }
    }

    /// Adds an account. `false` where the name is taken.
    pub async fn add(&self, account: &Account) -> Result<bool, Error> {
        match self.accounts.insert_one(account).await {
            Ok(_) => Ok(true),
            Err(error) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub async fn by_key(&self, key: &str) -> Result<Option<Account>, Error> {
        Ok(self.accounts.find_one(doc! { "key": key }).await?)
    }

    pub async fn by_id(&self, id: Id) -> Result<Option<Account>, Error> {
        Ok(self.accounts.find_one(doc! { "_id": id }).await?)
    }

    /// All accounts, by name.
    pub async fn summaries(&self) -> Result<Vec<Summary>, Error> {
        let accounts = self.standings.clone_with_type::<Summary>();
        let fields = doc! { "name": 1, "roles": 1, "disabled": 1 };
        Ok(accounts.find(doc! {}).sort(doc! { "key": 1 }).projection(fields).await?.try_collect().await?)
    }

    /// An account with one of its sessions, if it has it.
    pub async fn standing(&self, id: Id, session: &SessionId) -> Result<Option<Standing>, Error> {
        let fields = doc! {
            "name": 1, "roles": 1, "disabled": 1, "sessions": { "$elemMatch": { "id": session.as_str() } },
        };
        Ok(self.standings.find_one(doc! { "_id": id }).projection(fields).await?)
    }

    /// Several accounts with all their sessions.
    pub async fn standings(&self, ids: &[Id]) -> Result<Vec<Standing>, Error> {
        let fields = doc! { "name": 1, "roles": 1, "disabled": 1, "sessions": 1 };
        let found = self.standings.find(doc! { "_id": { "$in": ids.to_vec() } }).projection(fields).await?;
        Ok(found.try_collect().await?)
    }

    /// Begins a session. Those that have expired go, and the oldest where there are more than `most`: these are given back. `None` where
    /// the account is disabled or gone, or its password is another one meanwhile.
    pub async fn begin(
        &self,
        account: &Account,
        session: &StoredSession,
        network: Option<&str>,
        most: u16,
    ) -> Result<Option<Vec<SessionId>>, Error> {
        let is_alive = doc! { "$gt": ["$$this.expires_at", Timestamp::now()] };
        let others = doc! { "$filter": { "input": { "$ifNull": ["$sessions", []] }, "cond": is_alive } };
        let new = doc! { "$literal": [serialize_to_bson(session)?] };
        let known = doc! { "$ifNull": ["$known_networks", []] };
        let known = match network {
            Some(network) => {
                let network = doc! { "$literal": network };
                let others = doc! { "$filter": { "input": known, "cond": { "$ne": ["$$this", network.clone()] } } };
                doc! { "$concatArrays": [others, [network]] }
            }
            None => known,
        };
        let change = doc! { "$set": {
            "sessions": { "$slice": [{ "$concatArrays": [others, new] }, -i64::from(most)] },
            "known_networks": { "$slice": [known, -KNOWN_NETWORKS] },
        } };
        let filter = doc! {
            "_id": account.id, "disabled": { "$ne": true }, "password_hash": &account.password_hash,
        };
        // as it was before
        let Some(before) = self.standings.find_one_and_update(filter, vec![change]).await? else { return Ok(None) };
        let now = Timestamp::now();
        let alive: Vec<_> = before.sessions.into_iter().filter(|session| !session.has_expired(now)).collect();
        let too_many = (alive.len() + 1).saturating_sub(most.into());
        Ok(Some(alive.into_iter().take(too_many).map(|session| session.id).collect()))
    }

    /// Puts a successor in the place of a session's refresh token. `false` where the token is no longer the latest.
    pub async fn rotate(&self, id: Id, session: &StoredSession, used: &str) -> Result<bool, Error> {
        let filter = doc! {
            "_id": id,
            "disabled": { "$ne": true },
            "sessions": { "$elemMatch": { "id": session.id.as_str(), "secret_hash": used } },
        };
        self.change(filter, doc! { "$set": { "sessions.$": serialize_to_bson(session)? } }).await
    }

    /// A session has an access token that is good until then.
    pub async fn lengthen(&self, id: Id, session: &SessionId, until: Timestamp) -> Result<(), Error> {
        let filter = doc! { "_id": id, "sessions.id": session.as_str() };
        self.accounts.update_one(filter, doc! { "$max": { "sessions.$.access_until": until } }).await?;
        Ok(())
    }

    /// Ends one session. `false` where there is none.
    pub async fn end(&self, id: Id, session: &SessionId) -> Result<bool, Error> {
        let change = doc! { "$pull": { "sessions": { "id": session.as_str() } } };
        Ok(self.accounts.update_one(doc! { "_id": id }, change).await?.modified_count == 1)
    }

    /// Ends all sessions. `false` where there is no such account.
    pub async fn end_all(&self, id: Id) -> Result<bool, Error> {
        self.change(doc! { "_id": id }, doc! { "$set": { "sessions": [] } }).await
    }

    /// Lets nobody log in any more, and ends all sessions. `false` where there is no such account.
    pub async fn disable(&self, id: Id) -> Result<bool, Error> {
        self.change(doc! { "_id": id }, doc! { "$set": { "disabled": true, "sessions": [] } }).await
    }

    /// Lets the user log in again. `false` where there is no such account.
    pub async fn enable(&self, id: Id) -> Result<bool, Error> {
        self.change(doc! { "_id": id }, doc! { "$set": { "disabled": false } }).await
    }

    /// Gives an account these roles and no other. `false` where there is no such account.
    pub async fn set_roles(&self, id: Id, roles: &[String]) -> Result<bool, Error> {
        self.change(doc! { "_id": id }, doc! { "$set": { "roles": roles } }).await
    }

    /// Replaces the password's hash, unless it is another one meanwhile, and keeps this session only.
    pub async fn set_password(&self, account: &Account, hash: &str, keep: &SessionId) -> Result<bool, Error> {
        let filter = doc! { "_id": account.id, "password_hash": &account.password_hash };
        let change = doc! {
            "$set": { "password_hash": hash },
            "$pull": { "sessions": { "id": { "$ne": keep.as_str() } } },
        };
        self.change(filter, change).await
    }

    /// Replaces the password's hash by another one of the same password.
    pub async fn rehash(&self, account: &Account, hash: &str) -> Result<bool, Error> {
        let filter = doc! { "_id": account.id, "password_hash": &account.password_hash };
        self.change(filter, doc! { "$set": { "password_hash": hash } }).await
    }

    /// Whether there was something to change.
    async fn change(&self, filter: Document, change: Document) -> Result<bool, Error> {
        Ok(self.accounts.update_one(filter, change).await?.matched_count == 1)
    }
}

impl StoredSession {
    /// What a session becomes when its refresh token is used.
    pub fn refreshed(&self, previous: Previous, successor: &str, now: Timestamp, until: [Timestamp; 2]) -> Self {
        let [expires_at, access_until] = until;
        Self {
            secret_hash: successor.to_owned(),
            previous: Some(previous),
            refreshed_at: now,
            expires_at,
            access_until: access_until.max(self.access_until),
            ..self.clone()
        }
    }
}

/// Whether a unique index refused a document.
fn is_duplicate(error: &mongodb::error::Error) -> bool {
    const DUPLICATE_KEY: i32 = 11000;
    matches!(
        error.kind.as_ref(),
        ErrorKind::Write(WriteFailure::WriteError(failure)) if failure.code == DUPLICATE_KEY
    )
}
