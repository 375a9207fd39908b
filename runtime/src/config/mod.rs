//! Configuration: what an operator sets, where each value comes from, and what is wrong with it.
//!
//! A setting has a name such as `server.port`. Its value is looked for in layers; a higher layer
//! wins:
//!
//! 1. the built-in default, in the structs of this module
//! 2. `default.toml` in the configuration directory
//! 3. `<profile>.toml`, for example `production.toml`
//! 4. `local.toml`, for one machine, not kept in version control
//! 5. the environment: `LAMBDIO__SERVER__PORT=8080`; `__` separates the parts, case does not matter
//! 6. `--set server.port=8080` on the command line
//!
//! Tables are merged key by key; everything else, lists too, is replaced as a whole.
//!
//! No mistake is silently ignored. An unknown key, a value of the wrong type, a value out of range and
//! settings that contradict each other are errors. All of them are reported together, each with the
//! place it was written. An application's own table is checked when it is asked for
//! ([`Config::app`]).
//!
//! Relative paths in settings are relative to the working directory of the process, not to the file
//! that names them.
//!
//! ```no_run
//! # use lambdio::config::{Config, Sources};
//! let sources = Sources { environment: Sources::process_environment(), ..Sources::default() };
//! match Config::load(&sources) {
//!     Ok(config) => println!("port {}", config.settings().server.port),
//!     Err(errors) => eprintln!("{errors}"),
//! }
//! ```

mod app_table;
mod auth;
mod auth_key;
mod byte_size;
mod changes;
mod content_policy;
mod contents;
mod decode;
mod describe;
mod duration;
mod duration_form;
mod effective;
mod environment;
mod events;
mod excerpt;
pub(crate) mod file_bytes;
mod handlers;
mod health;
mod inspect;
mod interpret;
mod layer;
mod layers;
mod leaves;
mod load;
mod log;
mod metrics;
mod misspelt;
mod mistake;
mod mongo;
mod mongo_address;
mod namespaces;
mod nearest;
mod network;
mod origin;
mod otlp;
mod overrides;
mod pages;
mod phrases;
mod problem;
mod profile;
mod rate;
mod rate_limits;
mod reference;
mod reload;
mod required;
mod restart;
mod review;
mod roles;
mod routes;
mod schema;
mod secret;
mod server;
mod settings;
mod socketio;
mod tls;
mod toml_file;
mod toml_text;
mod toml_value;
mod tree;
mod unknown_key;
mod values;
mod web_origin;

#[cfg(test)]
mod tests;

pub(crate) use app_table::{AppTable, find_misspelt_tables};
pub use auth::{Accounts, Auth, LoginRates};
pub(crate) use auth_key::SHORTEST_SECRET;
pub use auth_key::{AuthKey, KeyAlgorithm};
pub use byte_size::{ByteSize, ByteSizeError};
pub(crate) use changes::{Change, Reread};
pub(crate) use contents::Contents;
pub(crate) use describe::describe;
pub(crate) use effective::Effective;
pub use events::Events;
pub use handlers::{HandlerSettings, Handlers};
pub use health::Health;
pub(crate) use health::is_below;
pub use layers::Sources;
pub use load::Config;
pub use log::{Log, LogFormat, LogLevel};
pub use metrics::Metrics;
pub use mistake::Mistake;
pub use mongo::{EMBEDDED, Embedded, Mongo};
pub(crate) use namespaces::roles_need_a_login;
pub use namespaces::{Access, Namespace, Namespaces};
pub(crate) use nearest::nearest;
pub(crate) use network::parse as parse_network;
pub use origin::Origin;
pub use otlp::Otlp;
pub use pages::Pages;
pub(crate) use problem::dotted;
pub use problem::{ConfigErrors, Problem};
pub use profile::Profile;
pub use rate::{Rate, RateError};
pub use rate_limits::{ClientRates, EventRates};
pub(crate) use reference::reference;
pub use reload::Reload;
pub use required::Required;
pub(crate) use roles::check as check_role;
pub use routes::{RouteSettings, Routes};
pub use secret::Secret;
pub use server::Server;
pub use settings::Settings;
pub use socketio::SocketIo;
pub use tls::Tls;
pub(crate) use web_origin::WebOrigin;
