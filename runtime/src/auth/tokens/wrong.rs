//! What is wrong with a token.

use jsonwebtoken::errors::{Error, ErrorKind};

/// What is wrong with a token, for the log. It says nothing that stands in the token: that may be somebody's, or anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum WrongToken {
    #[error("the token is longer than {} bytes", super::LONGEST)]
    TooLong,
    #[error("this is no token: expected three parts of base64url with dots between them")]
    Malformed,
    #[error("the token's head is no JSON, or names an algorithm that is never right")]
    Head,
    #[error("the token asks for an extension (\"crit\") that is not there")]
    Critical,
    #[error("the token names no key (\"kid\")")]
    NoKey,
    #[error("the token names a key (\"kid\") that is not in auth.keys")]
    UnknownKey,
    #[error("the token's algorithm is not that of the key it names")]
    Algorithm,
    #[error("the token's signature is wrong")]
    Signature,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    Early,
    #[error("the token is of another issuer than auth.issuer")]
    Issuer,
    #[error("the token is for another audience than auth.audience")]
    Audience,
    #[error("the token's claims are incomplete, or of other types")]
    Claims,
}

impl From<Error> for WrongToken {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::InvalidAlgorithm => Self::Algorithm,
            ErrorKind::InvalidSignature => Self::Signature,
            ErrorKind::ExpiredSignature => Self::Expired,
            ErrorKind::ImmatureSignature => Self::Early,
            ErrorKind::InvalidIssuer => Self::Issuer,
            ErrorKind::InvalidAudience => Self::Audience,
            ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) | ErrorKind::Json(_) => Self::Claims,
            _ => Self::Malformed,
        }
    }
}
