//! "Documents", the reference application: texts that several people write at the same time, with accounts, in several pages.
//!
//! | namespace `/documents`, open to those who are logged in | |
//! |---|---|
//! | [`documents`] | `list`, `create`, `rename`, `delete`: lists show at once what others do |
//! | [`writing`] | `open`, `push`, `cursor`, `close`: texts that merge; a file over HTTP |
//! | [`sharing`] | `sharing`, `share`, `unshare`, `link`, `join`, `leave`: owners, editors, readers |
//! | [`online`] | who comes and goes |
//!
//! - [`rooms`]: who hears what.
//! - [`settings`], [`maintenance`]: `[app.documents]`.
//! - [`error`]: what can go wrong.
//!
//! What clients and server say to each other is in `handlers/README.md`. The pages are in `handlers/web`, and what is built of
//! them in `handlers/public`.

pub mod documents;
pub mod error;
pub mod maintenance;
pub mod online;
pub mod rooms;
pub mod settings;
pub mod sharing;
pub mod writing;
