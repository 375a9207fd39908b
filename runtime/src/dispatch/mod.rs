//! From an accepted event to its answer.
//!
//! - `accept`: takes an event into its socket's queue, or refuses it at once.
//! - `rates`: how often something may happen.
//! - `slots`: how many may run at the same time.
//! - `queue`: the events of one socket, one at a time, in arrival order.
//! - `job`: what waits in a queue.
//! - `drain`: takes jobs out of a queue, as long as there are some.
//! - `invocation`: runs a job: panic guard, deadline, middleware, extractors, guard, function, reply.
//! - `answer`: tells the client what went wrong.
//! - `seldom`: one line of the log for many of a kind.
//! - `blocking`: where handlers run that block.
//! - `ack`: the acknowledgement that a client asked for.
//! - `guard`: turns panics and missed deadlines into errors.
//! - `work`: counts what is being done and what waits.
//! - [`InvocationId`]: names an invocation in logs and answers.

mod accept;
mod ack;
mod answer;
mod blocking;
mod drain;
mod guard;
mod id;
mod invocation;
mod job;
mod queue;
mod rates;
mod seldom;
mod slots;
mod work;

pub(crate) use accept::accept;
pub(crate) use ack::Ack;
pub(crate) use blocking::Blocking;
pub(crate) use drain::{finish, resume};
pub(crate) use guard::guarded;
pub use id::InvocationId;
pub(crate) use job::{EventJob, Job};
pub(crate) use queue::Queue;
pub(crate) use rates::{Keyed, Rates, SocketRates};
pub(crate) use seldom::Seldom;
pub(crate) use slots::{Slot, Slots};
pub(crate) use work::Work;
