//! What generated code uses. Nothing here is for people; it changes without notice.

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
    error::{Error, HandlerError},
    extract::Extract,
    registry::Needs,
    reply::Respond,
};
use futures_util::future::BoxFuture;
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

/// One argument. Generated code names its type only here, so that a wrong one is reported once.
pub trait Argument<T, C>: Copy {
    fn extract(self, cx: &mut C) -> impl Future<Output = Result<T, Error>> + Send;
    fn declare(self, needs: &mut Needs);
}

struct Extractor<T, C>(PhantomData<fn() -> (T, C)>);

impl<T, C> Clone for Extractor<T, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, C> Copy for Extractor<T, C> {}

pub fn argument<T: Extract<C>, C: Context>() -> impl Argument<T, C> {
    Extractor(PhantomData)
}

impl<T: Extract<C>, C: Context> Argument<T, C> for Extractor<T, C> {
    async fn extract(self, cx: &mut C) -> Result<T, Error> {
        T::extract(cx).await.map_err(HandlerError::into_error)
    }

    fn declare(self, needs: &mut Needs) {
        T::declare(needs);
    }
}

/// The type that a function returns. `Result` is told apart by type, so that aliases work too: the method `kind` is found
/// for `Result` by value, and for all other types only behind one more reference.
pub struct Returned<R>(PhantomData<fn() -> R>);

impl<R> Returned<R> {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

pub struct FallibleKind<T, E>(PhantomData<fn() -> (T, E)>);
pub struct PlainKind<R>(PhantomData<fn() -> R>);

pub trait Fallible<T, E> {
    fn kind(self) -> FallibleKind<T, E>;
}

impl<T, E> Fallible<T, E> for Returned<Result<T, E>> {
    fn kind(self) -> FallibleKind<T, E> {
        FallibleKind(PhantomData)
    }
}

pub trait Plain<R> {
    fn kind(self) -> PlainKind<R>;
}

impl<R> Plain<R> for &Returned<R> {
    fn kind(self) -> PlainKind<R> {
        PlainKind(PhantomData)
    }
}

/// Sends what a function returned.
pub trait Responder<R, C: Context> {
    fn respond(self, returned: R, cx: &mut C) -> Result<C::Output, Error>;
    fn declare(self, needs: &mut Needs);
}

impl<T, E> FallibleKind<T, E> {
    pub fn responder<C: Context>(self) -> impl Responder<Result<T, E>, C>
    where
        T: Respond<C>,
        E: HandlerError,
    {
        self
    }
}

impl<T: Respond<C>, E: HandlerError, C: Context> Responder<Result<T, E>, C> for FallibleKind<T, E> {
    fn respond(self, returned: Result<T, E>, cx: &mut C) -> Result<C::Output, Error> {
        returned.map_err(HandlerError::into_error)?.respond(cx)
    }

    fn declare(self, needs: &mut Needs) {
        T::declare(needs);
        needs.errors(E::cases());
    }
}

impl<R> PlainKind<R> {
    pub fn responder<C: Context>(self) -> impl Responder<R, C>
    where
        R: Respond<C>,
    {
        self
    }
}

impl<R: Respond<C>, C: Context> Responder<R, C> for PlainKind<R> {
    fn respond(self, returned: R, cx: &mut C) -> Result<C::Output, Error> {
        returned.respond(cx)
    }

    fn declare(self, needs: &mut Needs) {
        R::declare(needs);
    }
}
