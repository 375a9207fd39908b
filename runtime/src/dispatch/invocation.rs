//! Runs what waits in a socket's queue.

use super::{Ack, EventJob, InvocationId, Job, answer::answer, guarded};
use crate::{
    context::{ConnectContext, DisconnectContext, EventContext},
    error::{Code, Error},
    extract,
    registry::{EventEntry, Terms},
    reply::Reply,
    socket::{Connection, Socket},
    transport::DisconnectReason,
};
use socketioxide::handler::Value;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Runs one job, and answers for it.
pub(super) async fn run(connection: &Arc<Connection>, job: Job) {
    match job {
        Job::Connect { auth } => run_connect(connection, auth).await,
        Job::Event(event) => run_event(connection, event).await,
        Job::Disconnect { reason } => run_disconnect(connection, reason).await,
    }
}

async fn run_event(connection: &Arc<Connection>, job: EventJob) {
    let id = InvocationId::next();
    let (accepted, bytes) = (job.accepted, job.bytes());
    let handler = job.handler.clone();
    let mut ack = Ack::new(job.ack);
    let mut cx = EventContext::new(id, Socket::new(connection.clone()), job);
    let outcome = match &handler {
        Some(handler) => call(connection, handler, accepted, bytes, &mut cx).await,
        None if connection.is_put_out() => Err(Code::Forbidden.into()),
        None => Err(Code::UnknownEvent.into()),
    };
    let namespace = connection.namespace.path();
    let metrics = handler.as_ref().map_or(&connection.namespace.entry.metrics_of_others, |handler| &handler.metrics);
    metrics.answered(outcome.as_ref().err());
    match outcome {
        Ok(reply) => {
            acknowledge(connection, &mut ack, &reply, id);
            let took = accepted.elapsed();
            tracing::debug!(%id, namespace, event = cx.event(), ?took, "served");
        }
        Err(error) => {
            connection.namespace.app.failures.log(&error, id, namespace, cx.event());
            answer(connection, &mut ack, cx.event(), &error, id);
        }
    }
}

/// Whether the event is served at all: before anything of it is decoded, and before it takes a slot.
fn admit(connection: &Connection, terms: &Terms, bytes: usize) -> Result<(), Error> {
    if connection.is_put_out() {
        return Err(Code::Forbidden.into());
    }
    if !terms.enabled {
        return Err(Code::Disabled.into());
    }
    terms.admit(connection.user.as_ref())?;
    if bytes > terms.max_payload_size {
        let problem = format!("the event is larger than {} bytes", terms.max_payload_size);
        return Err(Error::new(Code::PayloadTooLarge).with_message(problem));
    }
    Ok(())
}

/// Runs the handler and what is around it, once there is a slot for it. The deadline counts from acceptance.
async fn call(
    connection: &Connection,
    handler: &Arc<EventEntry>,
    accepted: Instant,
    bytes: usize,
    cx: &mut EventContext,
) -> Result<Reply, Error> {
    admit(connection, &handler.terms, bytes)?;
    let left = handler.terms.left(accepted);
    if left.is_zero() {
        return Err(Code::Timeout.into());
    }
    guarded(left, async {
        let _own = handler.terms.slot().await;
        let _slot = connection.namespace.app.work.slot().await;
        // while it waited
        if connection.is_put_out() {
            return Err(Code::Forbidden.into());
        }
        let _timed = handler.metrics.begin(accepted);
        if handler.middleware.is_empty() {
            (handler.call)(cx).await
        } else {
            // boxed, so that invocations without middleware are none the larger
            Box::pin(extract::Next::of(cx.clone(), handler.clone()).run()).await
        }
    })
    .await
}

/// Sends the reply, if the client asked for one. A client that left meanwhile is nobody's mistake.
fn acknowledge(connection: &Connection, ack: &mut Ack, reply: &Reply, id: InvocationId) {
    let Some(arguments) = reply.encoded() else { return };
    if let Err(error) = ack.send_encoded(connection, arguments) {
        tracing::debug!(%id, %error, "the acknowledgement did not reach the client");
    }
}

async fn run_connect(connection: &Arc<Connection>, auth: Option<Value>) {
    let Some(entry) = &connection.namespace.entry.connect else { return };
    let id = InvocationId::next();
    let socket = Socket::new(connection.clone());
    let mut cx = ConnectContext::new(id, socket.clone(), auth);
    if let Err(error) = guarded(timeout(connection), (entry.call)(&mut cx)).await {
        connection.namespace.app.failures.log(&error, id, connection.namespace.path(), "connect");
        answer(connection, &mut Ack::NotAsked, "connect", &error, id);
        // a socket that was never set up is not served: what waits behind this is refused
        socket.disconnect();
    }
}

async fn run_disconnect(connection: &Arc<Connection>, reason: DisconnectReason) {
    let Some(entry) = &connection.namespace.entry.disconnect else { return };
    let id = InvocationId::next();
    let started = Instant::now();
    let mut cx = DisconnectContext::new(id, Socket::new(connection.clone()), reason);
    match guarded(timeout(connection), (entry.call)(&mut cx)).await {
        Ok(()) => {
            let took = started.elapsed();
            tracing::debug!(%id, namespace = connection.namespace.path(), %reason, ?took, "client left");
        }
        Err(error) => connection.namespace.app.failures.log(&error, id, connection.namespace.path(), "disconnect"),
    }
}

fn timeout(connection: &Connection) -> Duration {
    connection.namespace.app.settings().events.timeout
}
