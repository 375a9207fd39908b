//! Lets a client into a namespace, before CONNECT is answered.

use super::{Head, Namespace, RawSocket, departure::Departure, inbound::Inbound};
use crate::{
    auth::{Login, Opener, User},
    config::Access,
    context::ConnectContext,
    dispatch::{self, InvocationId, Job},
    emit::rooms,
    error::{Code, Error},
    log::{self, Timing, Visitor},
    socket::{Connection, Socket, SocketId},
};
use arc_swap::Guard;
use futures_util::future::BoxFuture;
use socketioxide::{
    adapter::LocalAdapter,
    handler::{ConnectHandler, Value},
};
use std::{fmt, sync::Arc};

/// The way into one namespace: authentication, then the connect middleware.
#[derive(Clone)]
pub(super) struct Gate(Arc<Namespace>);

/// A refused CONNECT carries the code as its message: the protocol has room for no more.
type Refusal = Box<dyn fmt::Display + Send>;

impl Gate {
    pub fn new(namespace: Arc<Namespace>) -> Self {
        Self(namespace)
    }

    async fn admit(&self, raw: Arc<RawSocket>, auth: Option<Value>) -> Result<(), Refusal> {
        let (id, timing) = (InvocationId::next(), Timing::now());
        let namespace = &self.0;
        let _running = namespace.app.work.start();
        let timeout = namespace.app.settings().events.timeout;
        let site = namespace.entry().connect_site;
        let head = Head::of(raw.req_parts());
        let visitor = Visitor::new(head.and_then(Head::request).cloned(), head.and_then(Head::parent));
        let invocation = log::Invocation::of_visitor(id, site, visitor);
        let enter = async {
            let entered = dispatch::guarded(timeout, self.connect(id, &raw, auth)).await;
            namespace.entry().connection_metrics.connected(entered.as_ref().err());
            match entered {
                Ok(()) => {
                    namespace.app.log.entered(&invocation, timing);
                    Ok(())
                }
                Err(error) => {
                    namespace.app.log.failed(&invocation, timing, &error);
                    Err(Box::new(error.code().to_owned()) as Refusal)
                }
            }
        };
        log::within(invocation.clone(), enter).await
    }

    async fn connect(&self, id: InvocationId, raw: &Arc<RawSocket>, auth: Option<Value>) -> Result<(), Error> {
        let namespace = &self.0;
        if namespace.app.work.is_draining() {
            return Err(Code::ShuttingDown.into());
        }
        let entry = Guard::into_inner(namespace.entry());
        let who = self.log_in(entry.policy.access, raw, auth.as_ref()).await?;
        log::found::user(who.as_ref().map(|(user, _)| user));
        entry.admits(who.as_ref().map(|(user, _)| user))?;
        let session = namespace.app.sessions.of(raw);
        // a client that comes back over the same transport waits until its last visit has ended
        if let Some(previous) = session.previous(namespace.path()) {
            previous.until_finished().await;
        }
        let connection = Arc::new(Connection::new(SocketId::random()?, namespace.clone(), session, who, raw));
        log::found::socket(&connection.id);
        let rates = &entry.connect_rates;
        if let Err(after) = rates.check_client(connection.user.as_ref(), connection.address) {
            return Err(Error::new(Code::RateLimited).with_retry_after(after));
        }
        if let Some(login) = &connection.login {
            login
                .attach(&connection)
                .map_err(|ending| Error::new(Code::Unauthenticated).with_cause(ending.message()))?;
        }
        connection.session.add(&connection);
        if let Some(user) = &connection.user {
            raw.join(rooms::of_user(user.id()));
        }

        // what the client sends once it is in waits in the queue until CONNECT is answered
        raw.on_fallback(Inbound::new(connection.clone()));
        raw.on_disconnect(Departure::new(connection.clone()));
        namespace.sender().add(&connection);
        // an application that ends says goodbye to those it knows: who comes after that is not let in
        if namespace.app.work.is_draining() {
            return Err(Code::ShuttingDown.into());
        }
        // settings that became stricter meanwhile put out those who are there: who comes after that is not let in
        namespace.entry().keeps(connection.user.as_ref())?;
        if entry.connect.is_some() {
            connection.queue.push_first(Job::Connect { auth: auth.clone() });
        }

        let mut cx = ConnectContext::new(id, Socket::new(connection.clone()), auth);
        for middleware in &entry.middleware {
            (middleware.call)(&mut cx).await?;
        }
        if connection.is_gone() {
            return Err(Error::new(Code::Forbidden).with_cause("the client was put out while it was let in"));
        }
        Ok(())
    }

    /// Who the client is, as far as the namespace wants to know.
    async fn log_in(
        &self,
        policy: Access,
        raw: &RawSocket,
        auth: Option<&Value>,
    ) -> Result<Option<(User, Login)>, Error> {
        if policy == Access::None {
            return Ok(None);
        }
        let parts = raw.req_parts();
        let headers = Head::of(parts).map_or_else(|| parts.headers.clone(), Head::headers);
        let auth = auth.and_then(Value::as_str).map_or("{}", |text| text.as_str());
        let opener = parts.extensions.get::<Opener>();
        self.0.app.auth.log_in(policy, headers, Some(auth), opener).await
    }
}

impl ConnectHandler<LocalAdapter, Gate> for Gate {
    /// CONNECT is answered: what waits in the queue may run.
    fn call(&self, raw: Arc<RawSocket>, _: Option<Value>) {
        let Some(socket) = self.0.sender().socket(self.0.path(), raw.id) else {
            // put out after the last look: its client believes it is in
            let _ = raw.disconnect();
            return;
        };
        let connection = socket.connection();
        if let Some(login) = &connection.login {
            login.let_in();
        }
        dispatch::resume(connection);
        // the others were taken out when the closing began: this one would keep its namespace, and be kept by it, for ever
        if self.0.app.work.is_closing() {
            // an error means a client that does not read, and of which its connection's end will be the end
            let _ = raw.disconnect();
        }
    }

    fn call_middleware<'a>(
        &'a self,
        raw: Arc<RawSocket>,
        auth: &'a Option<Value>,
    ) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(self.admit(raw, auth.clone()))
    }
}
