//! The handlers of "Documents", the reference application: short texts that several people write together.
//!
//! | namespace `/documents`, open to those who are logged in | |
//! |---|---|
//! | `list` | every document, newest first |
//! | `create`, `delete` | everybody's list shows it at once |
//! | `open`, `close` | who has a document open sees its edits, and who is there by the events of presence |
//! | `edit` | refused with the present text where somebody else was faster |
//!
//! - [`document`]: what is stored, and what is sent of it.
//! - [`error`]: what can go wrong.
//! - [`person`]: who did something.
//! - [`list`], [`create`], [`open`], [`edit`], [`close`], [`delete`]: one file for each thing a client can do.

pub mod close;
pub mod create;
pub mod delete;
pub mod document;
pub mod edit;
pub mod error;
pub mod list;
pub mod open;
pub mod person;
