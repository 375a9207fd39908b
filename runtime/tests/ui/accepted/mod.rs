//! What compiles, without a single warning even in a crate that allows none.

#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications)]
#![deny(clippy::all, clippy::pedantic)]

pub mod errors;
pub mod events;
pub mod functions;
pub mod payloads;
