//! Who may do what with a document.
//!
//! - [`access`]: roles, and the guards that look at them.
//! - [`show`], [`share`], [`unshare`], [`link`], [`join`], [`leave`]: one file for each thing that a client can do.

pub mod access;
pub mod join;
pub mod leave;
pub mod link;
pub mod share;
pub mod show;
pub mod unshare;
