//! What generated code uses. Nothing here is for people; it changes without notice.

#![allow(clippy::must_use_candidate, reason = "generated code uses what it asks for")]

pub use crate::{
    registry::schema_of,
    wire::{Single, Spread},
};
pub use inventory;
pub use schemars;
pub use serde;

use crate::{
    Args,
    context::Context,
    emit::Event,
    error::{Error, HandlerError},
    extract::{Extract, Guard, Verdict},
    log,
    registry::Needs,
    reply::Respond,
    wire::Payload,
};
use futures_util::future::BoxFuture;
use schemars::{Schema, SchemaGenerator};
use std::marker::PhantomData;

/// What an annotated function becomes.
pub type Outcome<'a, C> = BoxFuture<'a, Result<<C as Context>::Output, Error>>;

/// The values inside `Args`.
pub trait List {
    type Values;
}

impl<T> List for Args<T> {
    type Values = T;
}

/// What a client acknowledges with. Generated code asks through this trait, so that a wrong type is reported once instead
/// of once for each trait that a payload implements.
pub trait Acknowledgement {
    type Value: Payload;
}

impl<T: Payload> Acknowledgement for T {
    type Value = T;
}

/// The schema of an event's acknowledgement.
pub fn schema_of_ack<E: Event>(generator: &mut SchemaGenerator) -> Schema {
    schema_of::<E::Ack>(generator)
}

/// The type of an argument.
pub struct Argument<T, C>(PhantomData<fn() -> (T, C)>);

pub fn argument<T, C: Context>() -> Argument<T, C> {
    Argument(PhantomData)
}

impl<T, C: Context> Argument<T, C> {
    /// The one place that asks for `Extract`. What it gives is opaque, so that nothing after it asks again.
    pub fn extractor(self) -> impl Extractor<T, C>
    where
        T: Extract<C>,
    {
        self
    }
}

/// Gets an argument.
pub trait Extractor<T, C> {
    fn extract(self, cx: &mut C) -> impl Future<Output = Result<T, Error>> + Send;
    fn declare(self, needs: &mut Needs);
}

impl<T: Extract<C>, C: Context> Extractor<T, C> for Argument<T, C> {
    async fn extract(self, cx: &mut C) -> Result<T, Error> {
        T::extract(cx).await.map_err(HandlerError::into_error)
    }

    fn declare(self, needs: &mut Needs) {
        T::declare(needs);
    }
}

/// Runs a function where it may block.
pub fn blocking<C: Context, R: Send + 'static, F: FnOnce() -> R + Send + 'static>(
    cx: &C,
    function: F,
) -> impl Future<Output = Result<R, Error>> + Send + use<C, R, F> {
    let invocation = log::current();
    cx.app().blocking.clone().run(move || log::within_sync(invocation, function))
}

/// The type that guards a handler.
pub struct Guarded<G, C>(PhantomData<fn() -> (G, C)>);

pub fn guarded<G, C: Context>() -> Guarded<G, C> {
    Guarded(PhantomData)
}

impl<G, C: Context> Guarded<G, C> {
    /// The one place that asks for `Guard`.
    pub fn guard(self) -> impl Checker<C>
    where
        G: Guard<C>,
    {
        self
    }
}

/// Asks a guard.
pub trait Checker<C> {
    fn check(self, cx: &mut C) -> impl Future<Output = Result<(), Error>> + Send;
    fn declare(self, needs: &mut Needs);
}

impl<G: Guard<C>, C: Context> Checker<C> for Guarded<G, C> {
    fn check(self, cx: &mut C) -> impl Future<Output = Result<(), Error>> + Send {
        G::check(cx)
    }

    fn declare(self, needs: &mut Needs) {
        G::declare(needs);
    }
}

/// The type that a guard returns.
pub struct Judged<R>(PhantomData<R>);

pub fn judged<R>() -> Judged<R> {
    Judged(PhantomData)
}

impl<R> Judged<R> {
    /// The one place that asks for `Verdict`.
    pub fn verdict(self) -> impl Judge<R>
    where
        R: Verdict,
    {
        self
    }
}

/// Reads what a guard returned.
pub trait Judge<R> {
    fn judge(self, returned: R) -> Result<(), Error>;
    fn declare(self, needs: &mut Needs);
}

impl<R: Verdict> Judge<R> for Judged<R> {
    fn judge(self, returned: R) -> Result<(), Error> {
        returned.into_result()
    }

    fn declare(self, needs: &mut Needs) {
        R::declare(needs);
    }
}

/// The type that a function returns. `Result` is told apart by type, so that aliases work too: the method `kind` is found
/// for `Result` by value, and for all other types only behind one more reference.
pub struct Returned<R, C>(PhantomData<(R, C)>);

pub fn returned<R, C: Context>() -> Returned<R, C> {
    Returned(PhantomData)
}

pub struct FallibleKind<T, E, C>(PhantomData<(T, E, C)>);
pub struct PlainKind<R, C>(PhantomData<(R, C)>);

pub trait Fallible<T, E, C> {
    fn kind(self) -> FallibleKind<T, E, C>;
}

impl<T, E, C> Fallible<T, E, C> for Returned<Result<T, E>, C> {
    fn kind(self) -> FallibleKind<T, E, C> {
        FallibleKind(PhantomData)
    }
}

pub trait Plain<R, C> {
    fn kind(self) -> PlainKind<R, C>;
}

impl<R, C> Plain<R, C> for &Returned<R, C> {
    fn kind(self) -> PlainKind<R, C> {
        PlainKind(PhantomData)
    }
}

/// Makes of what a function returned what the runtime sends.
pub trait Responder<R, C: Context> {
    fn respond(self, returned: R, cx: &mut C) -> Result<C::Output, Error>;
    fn declare(self, needs: &mut Needs);
}

impl<T, E, C> FallibleKind<T, E, C> {
    pub fn responder(self) -> impl Responder<Result<T, E>, C>
    where
        T: Respond<C>,
        E: HandlerError,
        C: Context,
    {
        self
    }
}

impl<T: Respond<C>, E: HandlerError, C: Context> Responder<Result<T, E>, C> for FallibleKind<T, E, C> {
    fn respond(self, returned: Result<T, E>, cx: &mut C) -> Result<C::Output, Error> {
        returned.map_err(HandlerError::into_error)?.respond(cx)
    }

    fn declare(self, needs: &mut Needs) {
        T::declare(needs);
        needs.errors(E::cases());
    }
}

impl<R, C> PlainKind<R, C> {
    pub fn responder(self) -> impl Responder<R, C>
    where
        R: Respond<C>,
        C: Context,
    {
        self
    }
}

impl<R: Respond<C>, C: Context> Responder<R, C> for PlainKind<R, C> {
    fn respond(self, returned: R, cx: &mut C) -> Result<C::Output, Error> {
        returned.respond(cx)
    }

    fn declare(self, needs: &mut Needs) {
        R::declare(needs);
    }
}

/// The methods that generated code calls.
pub mod methods {
    pub use super::{Checker as _, Extractor as _, Fallible as _, Judge as _, Plain as _, Responder as _};
}
