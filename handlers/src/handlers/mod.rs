//! One file for each thing that a client can do.

pub mod close;
pub mod create;
pub mod cursor;
pub mod delete;
pub mod download;
pub mod join;
pub mod leave;
pub mod link;
pub mod list;
pub mod online;
pub mod open;
pub mod push;
pub mod rename;
pub mod share;
pub mod sharing;
pub mod unshare;
