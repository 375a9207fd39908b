//! From an accepted event to its answer.
//!
//! - `queue`: the events of one socket, one at a time, in arrival order.
//! - `job`: what waits in a queue.
//! - `invocation`: runs a job: panic guard, deadline, middleware, extractors, guard, function, reply.
//! - `blocking`: where handlers run that block.
//! - `ack`: the acknowledgement that a client asked for.
//! - `guard`: turns panics and missed deadlines into errors.
//! - `work`: counts what is being done, so that a shutdown can wait for it.
//! - [`InvocationId`]: names an invocation in logs and answers.

mod ack;
mod blocking;
mod guard;
mod id;
mod invocation;
mod job;
mod queue;
mod work;

pub(crate) use ack::Ack;
pub(crate) use blocking::Blocking;
pub(crate) use guard::guarded;
pub use id::InvocationId;
pub(crate) use invocation::{accept, finish, log_failure, resume};
pub(crate) use job::{EventJob, Job};
pub(crate) use queue::Queue;
pub(crate) use work::Work;
