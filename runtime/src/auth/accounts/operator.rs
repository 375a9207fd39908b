//! What an operator does with accounts, who needs no password for it.

use super::{
    Accounts, Origin, account_id,
    error::AccountError,
    rules,
    sessions::Welcome,
    stored::{Account, Summary},
};
use crate::{
    auth::Ending,
    error::Error,
    wire::{Id, Timestamp},
};

impl Accounts {
    /// A new account with these roles, and without a session.
    ///
    /// # Errors
    /// The name or the password is none that an account may have, or the name is taken.
    pub async fn create(&self, name: &str, password: String, roles: Vec<String>) -> Result<Id, Error> {
        let name = rules::name(name)?;
        rules::check_password(&password)?;
        let account = self.make(name, password, roles).await?;
        if !self.store.add(&account).await? {
            return Err(AccountError::NameTaken.into());
        }
        Ok(account.id)
    }

    /// Gives the account of this name these roles and no other. `false` where there is no such account.
    pub async fn set_roles_of(&self, name: &str, roles: &[String]) -> Result<bool, Error> {
        match self.store.by_key(&rules::key(name)).await? {
            Some(account) => self.set_roles(account.id, roles).await,
            None => Ok(false),
        }
    }

    /// All accounts, by name.
    pub async fn list(&self) -> Result<Vec<Summary>, Error> {
        self.store.summaries().await
    }

    /// A session for the account of this name, begun by `agent`. `None` where there is no such account, or it is disabled.
    pub async fn begin_for(&self, name: &str, agent: &str) -> Result<Option<Welcome>, Error> {
        let account = self.store.by_key(&rules::key(name)).await?.filter(|account| !account.disabled);
        let Some(account) = account else { return Ok(None) };
        let origin = Origin { address: None, agent: Some(agent.to_owned()) };
        self.begin(account, origin).await.map(Some)
    }

    /// Ends a session that was begun like that.
    pub async fn end_begun(&self, welcome: &Welcome) -> Result<(), Error> {
        let Some(session) = welcome.user.session() else { return Ok(()) };
        self.end(account_id(welcome.user.id())?, session, Ending::LoggedOut).await.map(drop)
    }

    /// An account that is not stored yet. Name and password were looked at.
    pub(super) async fn make(&self, name: String, password: String, roles: Vec<String>) -> Result<Account, Error> {
        Ok(Account {
            id: Id::new(),
            key: rules::key(&name),
            name,
            password_hash: self.passwords.hash(password).await?,
            created_at: Timestamp::now(),
            roles,
            disabled: false,
            sessions: Vec::new(),
            known_networks: Vec::new(),
        })
    }
}
