//! MongoDB: the connection, and what is declared with the types that live in it.
//!
//! Handlers get the official driver's own types: [`Collection<T>`](mongodb::Collection) and
//! [`Database`](mongodb::Database). The database is started only if something needs it.
//!
//! - [`Stored`]: a type that lives in a collection, with its indexes.
//! - `check`: what keeps the embedded one from being started.
//! - `connection`: connects, creates collections and indexes, disconnects.
//! - `waiting`: waits at start for a database that does not answer yet; `monitor`: notices when it goes away later.
//! - [`embedded`]: a private `mongod`.

mod check;
mod connection;
pub mod embedded;
mod monitor;
mod stored;
mod waiting;

pub(crate) use check::{check_data_dir, check_embedded};
pub(crate) use connection::{Mongo, MongoError, already_exists};
pub use futures_util::TryStreamExt;
pub use mongodb::{ClientSession, IndexModel, bson, options};
pub use stored::Stored;
