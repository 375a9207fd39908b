//! Takes an event into its socket's queue, or refuses it at once.

use super::{Ack, EventJob, InvocationId, answer::answer, drain::start, job::size_of, queue::Limits};
use crate::{
    error::{Code, Error},
    log::{Invocation, Timing, within_sync},
    socket::Connection,
    transport::inbound::event_name,
};
use socketioxide::handler::Value;
use std::{sync::Arc, time::Instant};

/// Longest name of an event, in bytes.
const LONGEST_NAME: usize = 256;

/// Takes an event into the socket's queue. Never waits. An event that is refused here is answered at once, also before
/// those that wait.
pub(crate) fn accept(connection: &Arc<Connection>, value: Value, ack: Option<i64>) {
    if let Err((error, value)) = queue(connection, value, ack) {
        let (id, event) = (InvocationId::next(), event_name(&value));
        let entry = connection.namespace.entry();
        entry.metrics_of(event).answered(Some(&error));
        let invocation = Invocation::of_event(id, connection, entry.handler_of(event).map(AsRef::as_ref), event);
        within_sync(Some(invocation.clone()), || {
            connection.namespace.app.log.failed(&invocation, Timing::accepted(Instant::now()), &error);
            answer(connection, &mut Ack::new(ack), event, &error, id);
        });
    }
}

fn queue(connection: &Arc<Connection>, value: Value, ack: Option<i64>) -> Result<(), (Error, Value)> {
    let namespace = &connection.namespace;
    let work = &namespace.app.work;
    if work.is_draining() {
        return Err((Code::ShuttingDown.into(), value));
    }
    if connection.is_put_out() {
        return Err((Code::Forbidden.into(), value));
    }
    let name = event_name(&value);
    let entry = namespace.entry();
    let handler = entry.handler_of(name).cloned();
    let rates = handler.as_ref().map_or(&entry.rates_of_others, |handler| &handler.terms.rates);
    if let Err(after) = rates.check(connection) {
        return Err((Error::new(Code::RateLimited).with_retry_after(after), value));
    }
    drop(entry);
    if name.len() > LONGEST_NAME {
        let problem = format!("the event's name is longer than {LONGEST_NAME} bytes");
        return Err((Error::new(Code::PayloadTooLarge).with_message(problem), value));
    }
    let Some(held) = work.hold(size_of(&value)) else { return Err((Code::Overloaded.into(), value)) };
    let limits = {
        let events = &namespace.app.settings().events;
        Limits { events: events.queue_length, bytes: events.queue_size.as_usize() }
    };
    let job = EventJob { value, ack, handler, accepted: Instant::now(), held };
    let next = connection.queue.push_event(job, &limits).map_err(|job| (Code::Overloaded.into(), job.value))?;
    start(connection, &next);
    Ok(())
}
