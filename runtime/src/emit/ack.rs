//! Events that wait for acknowledgements.

use super::{EmitError, Event, Recipients};
use crate::{
    socket::{Socket, SocketId},
    wire::{captured::Captured, inbound::Misfit},
};
use futures_util::{FutureExt, StreamExt, future::BoxFuture};
use socketioxide::AckError as ClientError;
use std::{fmt, future::IntoFuture, time::Duration};

/// Why no acknowledgement came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AckError {
    /// The event was not sent.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The client did not answer in time.
    #[error("the client did not acknowledge within {0:?}")]
    Timeout(Duration),
    /// The client left before it answered.
    #[error("the client left before it acknowledged")]
    Disconnected,
    /// The answer does not fit the type that `#[event(ack = …)]` declares.
    #[error("the acknowledgement does not fit: {0}")]
    Misfit(String),
}

impl AckError {
    fn decode<E: Event>(answer: Result<Captured, ClientError>, timeout: Duration) -> Result<E::Ack, Self> {
        let misfit = |misfit: Misfit| Self::Misfit(format!("{}: {}", misfit.path, misfit.reason));
        match answer {
            Ok(captured) => captured.decode().map_err(misfit),
            Err(ClientError::Timeout) => Err(Self::Timeout(timeout)),
            Err(ClientError::Socket(_)) => Err(Self::Disconnected),
            Err(ClientError::Decode(error)) => Err(misfit(Misfit::from_text(&error.to_string()))),
        }
    }
}

/// An event to one socket that waits for its acknowledgement. Await it.
#[must_use = "nothing is sent until this is awaited"]
pub struct AckOfOne<'a, E: Event> {
    socket: Socket,
    event: &'a E,
    timeout: Duration,
}

impl<'a, E: Event> AckOfOne<'a, E> {
    pub(crate) fn new(socket: Socket, event: &'a E) -> Self {
        let timeout = socket.connection().namespace.sender().ack_timeout();
        Self { socket, event, timeout }
    }

    /// How long to wait; by default `socketio.ack_timeout`.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl<'a, E: Event> IntoFuture for AckOfOne<'a, E> {
    type Output = Result<E::Ack, AckError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let sender = self.socket.connection().namespace.sender().clone();
            sender.acks().count(self.ask().await)
        }
        .boxed()
    }
}

impl<E: Event> AckOfOne<'_, E> {
    async fn ask(self) -> Result<E::Ack, AckError> {
        EmitError::check_namespace::<E>(self.socket.namespace())?;
        let raw = self.socket.raw().map_err(EmitError::from)?;
        let arguments = EmitError::encode::<E>(self.event)?;
        let connection = self.socket.connection();
        connection
            .make_room(&arguments.packet_size(E::NAMESPACE, Some(E::NAME), Some(0)))
            .map_err(EmitError::from_unsent::<E>)?;
        let answer = raw
            .timeout(self.timeout)
            .emit_with_ack::<_, Captured>(E::NAME, &arguments)
            .map_err(|error| EmitError::from_unsent::<E>(connection.unsent(error)))?;
        // the transport would let the answer of a client that is gone time out
        drop(raw);
        let answer = tokio::select! {
            biased;
            answer = answer => answer,
            () = connection.departed() => return Err(AckError::Disconnected),
        };
        AckError::decode::<E>(answer, self.timeout)
    }
}

/// An event to many sockets that collects their acknowledgements. Await it: each socket is in the list once, in the
/// order of the answers.
#[must_use = "nothing is sent until this is awaited"]
pub struct AcksOfMany<'a, E: Event> {
    recipients: Recipients,
    event: &'a E,
    timeout: Duration,
}

impl<'a, E: Event> AcksOfMany<'a, E> {
    pub(crate) fn new(recipients: Recipients, event: &'a E) -> Self {
        let timeout = recipients.sender().ack_timeout();
        Self { recipients, event, timeout }
    }

    /// How long to wait; by default `socketio.ack_timeout`.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl<'a, E: Event> IntoFuture for AcksOfMany<'a, E> {
    type Output = Result<Vec<(SocketId, Result<E::Ack, AckError>)>, EmitError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let Some(operators) = self.recipients.operators::<E>()? else { return Ok(Vec::new()) };
            // who is who has to be known before somebody leaves
            let members: std::collections::HashMap<_, _> = operators
                .clone()
                .sockets()
                .iter()
                .filter_map(|raw| Some((raw.id, self.recipients.sender().socket(E::NAMESPACE, raw.id)?.id().clone())))
                .collect();
            let arguments = EmitError::encode::<E>(self.event)?;
            self.recipients.make_room(&operators, E::NAMESPACE, E::NAME, &arguments);
            let answers = operators
                .timeout(self.timeout)
                .emit_with_ack::<_, Captured>(E::NAME, &arguments)
                .await
                .map_err(|error| EmitError::Encode { event: E::NAME, reason: error.to_string() })?;
            let mut answers = std::pin::pin!(answers);
            let mut acks = Vec::with_capacity(members.len());
            while let Some((sid, answer)) = answers.next().await {
                let Some(id) = members.get(&sid) else { continue };
                let answer = AckError::decode::<E>(answer, self.timeout);
                acks.push((id.clone(), self.recipients.sender().acks().count(answer)));
            }
            Ok(acks)
        }
        .boxed()
    }
}

impl<E: Event> fmt::Debug for AckOfOne<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AckOfOne").field("event", &E::NAME).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl<E: Event> fmt::Debug for AcksOfMany<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcksOfMany").field("event", &E::NAME).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
