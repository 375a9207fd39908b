//! The process's log: of whom and what it tells, in which form, and where it goes.
//!
//! What is told:
//! - [`Invocation`]: of whom and what a line is told; [`RequestId`]: what leads from one log to another.
//! - [`Site`]: a handler, by its name.
//! - [`within`]: runs an invocation, so that every line that is told inside it carries its name.
//! - [`Records`]: one record for each invocation: served, refused, failed, slow.
//! - [`Share`]: a share of all invocations.
//! - `watch`: tells of handlers that block a thread, while they do.
//! - `panics`: tells of panics.
//!
//! How it is told:
//! - `start`: starts the process's log, and changes it while it runs.
//! - `rules`: what is told at all: levels, those of single handlers among them, and which fields are hidden.
//! - `layer`: makes a line of what is told; `fields`: what a line has.
//! - `text`, `json`: the two forms of a line; `escape`: what must not stand in one.
//! - `writer`: takes lines to standard error, without waiting for whoever reads there.

mod escape;
mod fields;
mod invocation;
mod json;
mod layer;
mod panics;
mod records;
mod request_id;
mod rules;
mod scope;
mod share;
mod site;
mod start;
mod text;
mod timing;
mod watch;
mod writer;

pub(crate) use escape::escaped;
pub(crate) use invocation::{Invocation, Visitor};
pub(crate) use records::{Causes, Records, Told};
pub(crate) use request_id::{Ids, RequestId, X_REQUEST_ID};
pub(crate) use scope::{current, found, look, within, within_sync};
pub(crate) use share::Share;
pub(crate) use site::Site;
pub(crate) use start::{Logging, lost_lines, start};
pub(crate) use timing::{Timing, milliseconds};
