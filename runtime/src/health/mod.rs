//! Whether this process lives, and whether it is ready to do its work.
//!
//! | | |
//! |---|---|
//! | `GET /health/live` | 200 while the process answers at all; nothing else is looked at |
//! | `GET /health/ready` | 200, or 503 while some part cannot do its work: `{"status":"not_ready","parts":{"database":"unavailable","server":"ready"}}` |
//!
//! - [`ReadinessPart`]: one part, and who tells how it is.
//! - `readiness`: all parts.
//! - `answers`: the two endpoints. They look at what is known, and ask nobody.

mod answers;
mod part;
mod readiness;

pub(crate) use answers::{HealthAnswers, router};
pub use part::ReadinessPart;
pub(crate) use part::State;
pub(crate) use readiness::{RETRY_AFTER, Readiness};
