//! Writing in a document, together with others.
//!
//! - [`open`], [`push`], [`cursor`], [`close`]: one file for each thing that a client can do; [`download`], over HTTP.
//! - [`text`]: what a text is, a CRDT; [`history`]: how its updates are stored.

pub mod close;
pub mod cursor;
pub mod download;
pub mod history;
pub mod open;
pub mod push;
pub mod text;
