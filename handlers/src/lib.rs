//! "Documents", the reference application: texts that several people write at the same time, with accounts, in several pages.
//!
//! | namespace `/documents`, open to those who are logged in | |
//! |---|---|
//! | [`list`](handlers::list), [`create`](handlers::create), [`rename`](handlers::rename), [`delete`](handlers::delete) | documents; lists show at once what others do |
//! | [`open`](handlers::open), [`close`](handlers::close), [`push`](handlers::push), [`cursor`](handlers::cursor) | writing |
//! | [`sharing`](handlers::sharing), [`share`](handlers::share), [`unshare`](handlers::unshare), [`link`](handlers::link), [`join`](handlers::join), [`leave`](handlers::leave) | who may do what |
//! | [`online`](handlers::online) | who comes and goes |
//! | [`download`](handlers::download), over HTTP | a document as a file |
//!
//! - [`document`], [`access`]: what is stored of a document, and who may do what with it.
//! - [`text`], [`history`]: what a text is, and how its updates are stored.
//! - [`rooms`]: who hears what.
//! - [`settings`], [`maintenance`]: `[app.documents]`.
//! - [`error`]: what can go wrong.
//!
//! The pages are in `handlers/web`, and what is built of them in `handlers/public`.

pub mod access;
pub mod document;
pub mod error;
pub mod handlers;
pub mod history;
pub mod maintenance;
pub mod rooms;
pub mod settings;
pub mod text;
