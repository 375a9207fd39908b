//! What all handlers of an application share.

use super::startup::Value;
use crate::{
    auth::{Auth, User, presented},
    config::{Access, Config, Settings},
    dispatch::{Blocking, Failures, Work},
    emit::Sender,
    error::{Code, Error},
    extract::Handshake,
    registry::Registry,
    transport::{RawSocket, Sessions},
};
use http::HeaderMap;
use mongodb::Database;
use socketioxide::handler;
use std::{any::TypeId, collections::HashMap, sync::Arc};

/// What all handlers of an application share. Made once at start, never changed.
pub struct AppState {
    pub(crate) config: Config,
    pub(crate) registry: Arc<Registry>,
    pub(crate) sender: Sender,
    pub(crate) work: Arc<Work>,
    pub(crate) failures: Arc<Failures>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) blocking: Blocking,
    pub(crate) database: Option<Database>,
    pub(crate) provided: HashMap<TypeId, Value>,
    pub(crate) auth: Option<Auth>,
}

impl AppState {
    pub(crate) fn settings(&self) -> &Settings {
        self.config.settings()
    }

    pub(crate) fn database(&self) -> Result<&Database, Error> {
        self.database.as_ref().ok_or_else(|| Error::new(Code::Internal).with_cause("the database was not started"))
    }

    pub(crate) fn provided<T: Send + Sync + 'static>(&self) -> Result<Arc<T>, Error> {
        let value = self.provided.get(&TypeId::of::<T>()).cloned();
        value.and_then(|value| value.downcast().ok()).ok_or_else(|| {
            let name = std::any::type_name::<T>();
            Error::new(Code::Internal).with_cause(format!("{name} is not provided"))
        })
    }

    /// Who sends this request, if somebody is logged in.
    pub(crate) fn user_of_request(&self, headers: &HeaderMap) -> Result<Option<User>, Error> {
        let Some(auth) = &self.auth else { return Ok(None) };
        presented(headers, auth.cookie_name()).map(|token| auth.verify(&token)).transpose()
    }

    /// Who connects, as the namespace's policy asks.
    pub(crate) fn user_of_handshake(
        &self,
        policy: Access,
        raw: &RawSocket,
        auth: Option<&handler::Value>,
    ) -> Result<Option<User>, Error> {
        if policy == Access::None {
            return Ok(None);
        }
        let user = match auth.and_then(token_of) {
            Some(token) => match &self.auth {
                Some(auth) => Some(auth.verify(&token)?),
                None => None,
            },
            None => self.user_of_request(Handshake::from_parts(raw.req_parts()).headers())?,
        };
        match user {
            None if policy == Access::Required => Err(Code::Unauthenticated.into()),
            user => Ok(user),
        }
    }
}

/// The client's `auth.token`. Anything else in `auth` is not for us.
fn token_of(auth: &handler::Value) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Token {
        token: Option<String>,
    }
    serde_json::from_str::<Token>(auth.as_str()?).ok()?.token
}
