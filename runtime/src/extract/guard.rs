//! What may refuse an invocation before its handler runs.

use crate::{
    context::Context,
    error::{Error, HandlerError},
    registry::Needs,
};

/// What may refuse an invocation: it runs after the handler's own arguments were extracted, before the handler.
///
/// `#[guard]` on an async function makes one, under the function's own name. It takes arguments as handlers do, and serves
/// every handler whose context has them: events and routes alike.
///
/// ```
/// use lambdio::prelude::*;
///
/// #[guard]
/// async fn is_owner(user: User, Data(room): Data<String>) -> Result<(), lambdio::Error> {
///     if room.starts_with(user.name()) { Ok(()) } else { Err(Code::Forbidden.into()) }
/// }
///
/// #[handler(namespace = "/rooms", event = "close", guard = is_owner)]
/// async fn close(Data(room): Data<String>) {
///     println!("{room} is closed");
/// }
/// ```
///
/// What its arguments need counts as the handler's own: a `User` in a namespace without authentication is a start error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no guard here",
    label = "not a guard of `{C}`",
    note = "a guard is an async function with `#[guard]`, or a type that implements `Guard<{C}>`"
)]
pub trait Guard<C: Context> {
    /// Lets the invocation pass, or says what to answer.
    ///
    /// # Errors
    /// The handler's answer then; it does not run.
    fn check(cx: &mut C) -> impl Future<Output = Result<(), Error>> + Send;

    /// Says at start what a handler with this guard needs.
    fn declare(needs: &mut Needs) {
        let _ = needs;
    }
}

/// What a `#[guard]` gives back: `Result<(), E>` with a [`HandlerError`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be what a guard gives back",
    label = "not a `Result<(), _>`",
    note = "a guard gives back `Ok(())` where the handler may run, and else an error that is a `HandlerError`"
)]
pub trait Verdict: Send {
    #[doc(hidden)]
    fn into_result(self) -> Result<(), Error>;

    #[doc(hidden)]
    fn declare(needs: &mut Needs);
}

impl<E: HandlerError> Verdict for Result<(), E> {
    fn into_result(self) -> Result<(), Error> {
        self.map_err(HandlerError::into_error)
    }

    fn declare(needs: &mut Needs) {
        needs.errors(E::cases());
    }
}
