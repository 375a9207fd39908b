//! Runs what waits in a socket's queue.

use super::{Ack, EventJob, InvocationId, Job, guarded, queue::Limits, queue::Next, work::Running};
use crate::{
    context::{ConnectContext, DisconnectContext, EventContext},
    error::{Code, Error, ErrorBody, Exception},
    extract,
    reply::Reply,
    socket::{Connection, Socket},
    transport::DisconnectReason,
    wire::{Arguments, Single},
};
use futures_util::FutureExt;
use socketioxide::{ParserError, SendError, SocketError, handler::Value};
use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

/// The event that carries an error to a client that asked for no acknowledgement.
const EXCEPTION: &str = "exception";

/// Takes an event into the socket's queue. Never waits. An event that finds no room is answered at once.
pub(crate) fn accept(connection: &Arc<Connection>, job: EventJob) {
    let app = &connection.namespace.app;
    let refusal = if app.work.is_draining() {
        Some((Code::ShuttingDown, job))
    } else if connection.is_put_out() {
        Some((Code::Forbidden, job))
    } else {
        let events = &app.settings().events;
        let limits = Limits { events: events.queue_length, bytes: events.queue_size.as_usize() };
        match connection.queue.push_event(job, &limits) {
            Ok(next) => {
                start(connection, &next);
                None
            }
            Err(job) => Some((Code::Overloaded, job)),
        }
    };
    if let Some((code, job)) = refusal {
        let (id, error) = (InvocationId::next(), code.into());
        log_failure(&error, id, connection.namespace.path(), job.event());
        answer(connection, &mut Ack::new(job.ack), job.event(), &error, id);
    }
}

/// CONNECT is answered: what waits may run.
pub(crate) fn resume(connection: &Arc<Connection>) {
    start(connection, &connection.queue.resume());
}

/// Adds the last job of a socket.
pub(crate) fn finish(connection: &Arc<Connection>, job: Job) {
    start(connection, &connection.queue.push_last(job));
}

fn start(connection: &Arc<Connection>, next: &Next) {
    if *next == Next::Drain {
        // counted from here on, so that a shutdown does not overlook it
        let running = connection.namespace.app.work.start();
        tokio::spawn(drain(connection.clone(), running));
    }
}

async fn drain(connection: Arc<Connection>, _running: Running) {
    while let Some(job) = connection.queue.pop() {
        // a job answers for panics itself; what panics even then must not leave the jobs behind it waiting for ever
        if AssertUnwindSafe(run(&connection, job)).catch_unwind().await.is_err() {
            tracing::error!(namespace = connection.namespace.path(), "an invocation panicked while it was being ended");
        }
    }
}

async fn run(connection: &Arc<Connection>, job: Job) {
    match job {
        Job::Connect { auth } => run_connect(connection, auth).await,
        Job::Event(event) => run_event(connection, event).await,
        Job::Disconnect { reason } => run_disconnect(connection, reason).await,
    }
}

async fn run_event(connection: &Arc<Connection>, job: EventJob) {
    let id = InvocationId::next();
    let handler = job.handler.clone();
    let accepted = job.accepted;
    let mut ack = Ack::new(job.ack);
    let mut cx = EventContext::new(id, Socket::new(connection.clone()), job);
    let outcome = match handler {
        _ if connection.is_put_out() => Err(Code::Forbidden.into()),
        None => Err(Code::UnknownEvent.into()),
        Some(handler) if !handler.enabled => Err(Code::Disabled.into()),
        Some(handler) => {
            let left = handler.timeout.saturating_sub(accepted.elapsed());
            if left.is_zero() {
                Err(Code::Timeout.into())
            } else if handler.middleware.is_empty() {
                guarded(left, (handler.call)(&mut cx)).await
            } else {
                // boxed, so that invocations without middleware are none the larger
                guarded(left, Box::pin(extract::Next::of(cx.clone(), handler).run())).await
            }
        }
    };
    let namespace = connection.namespace.path();
    match outcome {
        Ok(reply) => {
            acknowledge(connection, &mut ack, &reply, id);
            let took = accepted.elapsed();
            tracing::debug!(%id, namespace, event = cx.event(), ?took, "served");
        }
        Err(error) => {
            log_failure(&error, id, namespace, cx.event());
            answer(connection, &mut ack, cx.event(), &error, id);
        }
    }
}

async fn run_connect(connection: &Arc<Connection>, auth: Option<Value>) {
    let Some(entry) = &connection.namespace.entry.connect else { return };
    let id = InvocationId::next();
    let socket = Socket::new(connection.clone());
    let mut cx = ConnectContext::new(id, socket.clone(), auth);
    if let Err(error) = guarded(timeout(connection), (entry.call)(&mut cx)).await {
        log_failure(&error, id, connection.namespace.path(), "connect");
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
        Err(error) => log_failure(&error, id, connection.namespace.path(), "disconnect"),
    }
}

fn timeout(connection: &Connection) -> Duration {
    connection.namespace.app.settings().events.timeout
}

/// Sends the reply, if the client asked for one. A client that left meanwhile is nobody's mistake.
fn acknowledge(connection: &Connection, ack: &mut Ack, reply: &Reply, id: InvocationId) {
    let Some(arguments) = reply.encoded() else { return };
    match ack.send_encoded(connection, arguments) {
        Ok(()) | Err(SendError::Socket(SocketError::Closed)) => {}
        Err(error) => {
            tracing::warn!(%id, %error, "an acknowledgement did not reach its client: it does not read what it is sent");
        }
    }
}

/// Tells the client: as the acknowledgement if it asked for one, else as the event `exception`.
fn answer(connection: &Arc<Connection>, ack: &mut Ack, event: &str, error: &Error, id: InvocationId) {
    let body = ErrorBody { error, id };
    let sent = match ack {
        Ack::Sent => return,
        Ack::Open(_) => ack.send(connection, &Single(&body)),
        Ack::NotAsked => match connection.raw() {
            Ok(raw) => Single(&Exception { event, body })
                .encode()
                .map_err(|error| ParserError::new(error).into())
                .and_then(|arguments| raw.emit(EXCEPTION, &arguments)),
            Err(_) => return,
        },
    };
    if let Err(error) = sent {
        tracing::debug!(%id, %error, "the error did not reach the client");
    }
}

/// Writes a failure to the log: what is ours to mend loudly, what is the client's quietly.
pub(crate) fn log_failure(error: &Error, id: InvocationId, namespace: &str, event: &str) {
    let code = error.code();
    let cause = error.cause().map(Causes);
    if error.is(Code::Internal) {
        tracing::error!(%id, namespace, event, code, cause = cause.map(tracing::field::display), "failed");
    } else if error.is(Code::Unavailable) || error.is(Code::Timeout) || error.is(Code::Overloaded) {
        tracing::warn!(%id, namespace, event, code, cause = cause.map(tracing::field::display), "failed");
    } else {
        tracing::debug!(%id, namespace, event, code, cause = cause.map(tracing::field::display), "refused");
    }
}

/// A cause with all its own causes, on one line.
struct Causes<'a>(&'a (dyn std::error::Error + Send + Sync + 'static));

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}
