//! What handlers can rely on, shown by applications inside this process.

mod applications;
mod clients;
mod endings;
mod failures;
mod handlers;
mod metrics;
mod order;
mod schemes;
mod support;
