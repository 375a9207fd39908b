//! Who is who: accounts, sessions, tokens, and schemes of the application's own.
//!
//! `who` brings it all together. Showing who one is:
//! - [`Credentials`]: what a client shows, and where it is taken from.
//! - [`User`]: who is logged in.
//! - [`Authenticate`]: other ways to prove who one is than an account.
//! - `proof`: credentials that one of them, or the accounts, took.
//!
//! Accounts:
//! - `accounts`: register, log in, refresh, log out over HTTP, when `[auth.accounts]` is there.
//! - `passwords`: bcrypt, off the async threads.
//! - `tokens`, `keys`: JSON Web Tokens, and what they are signed with.
//! - `cookie`: where a browser keeps its tokens.
//!
//! A socket never outlives its session:
//! - `logins`: the sockets that somebody is logged in on, until when, and how they are ended.
//! - [`events`]: what logged-in clients hear and say of that.
//! - `ending`: why a log-in ends.
//! - [`Sessions`]: the same for authors.

mod accounts;
mod cookie;
mod credentials;
mod ending;
pub mod events;
mod keys;
mod logins;
mod passwords;
mod proof;
mod scheme;
mod session_id;
mod sessions;
mod tokens;
mod user;
mod who;

pub(crate) use accounts::{
    Accounts, ROUTES as ACCOUNT_ROUTES, Welcome, check_name as check_account_name, collection as account_collection,
};
pub(crate) use cookie::Cookies;
pub use credentials::Credentials;
pub(crate) use ending::Ending;
pub(crate) use keys::{KeyError, check as check_keys};
pub(crate) use logins::{Login, Logins};
pub use scheme::{Authenticate, Identity};
pub(crate) use scheme::{ClaimsType, Scheme};
pub use session_id::SessionId;
pub use sessions::{SessionInfo, Sessions};
pub(crate) use tokens::Tokens;
pub use user::User;
pub(crate) use who::{Auth, Opener, accounts};
