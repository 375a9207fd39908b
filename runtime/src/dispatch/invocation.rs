//! Runs what waits in a socket's queue.

use super::{Ack, EventJob, InvocationId, Job, answer::answer, guarded};
use crate::{
    context::{ConnectContext, DisconnectContext, EventContext},
    error::{Code, Error},
    extract,
    log::{self, Timing},
    registry::{EventEntry, Terms},
    reply::Reply,
    socket::{Connection, Socket},
    transport::{DisconnectReason, inbound::event_name},
};
use arc_swap::Guard;
use socketioxide::handler::Value;
use std::{sync::Arc, time::Duration};

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
    let invocation = log::Invocation::of_event(id, connection, job.handler.as_deref(), event_name(&job.value));
    log::within(invocation, serve(connection, id, job)).await;
}

async fn serve(connection: &Arc<Connection>, id: InvocationId, job: EventJob) {
    let mut timing = Timing::accepted(job.accepted);
    let bytes = job.bytes();
    let handler = job.handler.clone();
    let mut ack = Ack::new(job.ack);
    let mut cx = EventContext::new(id, Socket::new(connection.clone()), job);
    let outcome = match &handler {
        Some(handler) => call(connection, handler, &mut timing, bytes, &mut cx).await,
        None if connection.is_put_out() => Err(Code::Forbidden.into()),
        None => Err(Code::UnknownEvent.into()),
    };
    match &handler {
        Some(handler) => handler.metrics.answered(outcome.as_ref().err()),
        None => connection.namespace.entry().metrics_of_others.answered(outcome.as_ref().err()),
    }
    match outcome {
        Ok(reply) => {
            acknowledge(connection, &mut ack, &reply, id);
            log::look(|invocation| connection.namespace.app.log.served(invocation, timing, None));
        }
        Err(error) => {
            log::look(|invocation| connection.namespace.app.log.failed(invocation, timing, &error));
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
    timing: &mut Timing,
    bytes: usize,
    cx: &mut EventContext,
) -> Result<Reply, Error> {
    admit(connection, &handler.terms, bytes)?;
    let left = handler.terms.left(timing.accepted);
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
        let timed = handler.metrics.begin(timing.accepted);
        timing.began = Some(timed.began());
        if handler.middleware.is_empty() {
            (handler.call)(cx).await
        } else {
            // boxed, so that invocations without middleware are none the larger
            Box::pin(extract::Next::of(cx.clone(), handler.clone()).run()).await
        }
    })
    .await
    .map_err(|error| connection.namespace.app.explain(error, handler.terms.database))
}

/// Sends the reply, if the client asked for one. A client that left meanwhile is nobody's mistake.
fn acknowledge(connection: &Connection, ack: &mut Ack, reply: &Reply, id: InvocationId) {
    let Some(arguments) = reply.encoded() else { return };
    if let Err(error) = ack.send_encoded(connection, arguments) {
        tracing::debug!(%id, %error, "the acknowledgement did not reach the client");
    }
}

async fn run_connect(connection: &Arc<Connection>, auth: Option<Value>) {
    let entry = Guard::into_inner(connection.namespace.entry());
    let Some(call) = entry.connect.as_ref().map(|connect| connect.call) else { return };
    let (id, timing) = (InvocationId::next(), Timing::now());
    let invocation = log::Invocation::of_connect(id, connection, entry.connect_site);
    let socket = Socket::new(connection.clone());
    let mut cx = ConnectContext::new(id, socket.clone(), auth);
    let serve = async {
        let log = &connection.namespace.app.log;
        match guarded(timeout(connection), call(&mut cx)).await {
            Ok(()) => log.served(&invocation, timing, None),
            Err(error) => {
                log.failed(&invocation, timing, &error);
                answer(connection, &mut Ack::NotAsked, "connect", &error, id);
                // a socket that was never set up is not served: what waits behind this is refused
                socket.disconnect();
            }
        }
    };
    log::within(invocation.clone(), serve).await;
}

async fn run_disconnect(connection: &Arc<Connection>, reason: DisconnectReason) {
    let found = connection.namespace.entry().disconnect.as_ref().map(|entry| (entry.call, entry.site));
    let Some((call, site)) = found else { return };
    let (id, timing) = (InvocationId::next(), Timing::now());
    let invocation = log::Invocation::of_disconnect(id, connection, site);
    let mut cx = DisconnectContext::new(id, Socket::new(connection.clone()), reason);
    let serve = async {
        let log = &connection.namespace.app.log;
        tracing::debug!(%reason, "client left");
        match guarded(timeout(connection), call(&mut cx)).await {
            Ok(()) => log.served(&invocation, timing, None),
            Err(error) => log.failed(&invocation, timing, &error),
        }
    };
    log::within(invocation.clone(), serve).await;
}

fn timeout(connection: &Connection) -> Duration {
    connection.namespace.app.settings().events.timeout
}
