//! What can be wrong with a registration, a log-in or a new password.

use crate::error::{Error, HandlerError};

#[derive(Debug, lambdio_macros::HandlerError)]
pub(super) enum AccountError {
    #[handler_error(
        code = "invalid_name",
        message = "a name has 1 to 64 letters and digits, with . _ - ' or a space between them"
    )]
    Name,
    #[handler_error(code = "invalid_password", message = "a password has at least 8 characters")]
    ShortPassword,
    #[handler_error(
        code = "invalid_password",
        message = "a password has at most 71 bytes; longer ones would not count in full"
    )]
    LongPassword,
    #[handler_error(code = "invalid_password", message = "a password has no NUL character")]
    NulPassword,
    #[handler_error(code = "name_taken", status = 409, message = "this name is taken")]
    NameTaken,
    #[handler_error(code = "invalid_credentials", status = 401, message = "name or password is wrong")]
    Credentials,
    #[handler_error(code = "account_disabled", status = 403, message = "this account is disabled")]
    Disabled,
    #[handler_error(code = "not_found", status = 404, message = "there is no such session")]
    NoSession,
}

impl From<AccountError> for Error {
    fn from(error: AccountError) -> Self {
        error.into_error()
    }
}
