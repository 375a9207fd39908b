//! Who may: the keys `auth` and `roles`.

use crate::keys::Keys;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Error, LitStr};

/// What `#[connect]` says of its namespace.
pub(crate) struct Policy {
    /// The variant of `Access`, if one is asked for.
    pub(crate) auth: Option<TokenStream>,
    pub(crate) roles: Vec<LitStr>,
}

/// The keys of `#[connect]`. Roles ask for a login.
pub(crate) fn policy(keys: &mut Keys) -> Policy {
    let auth = keys.string("auth").and_then(|auth| {
        let access = keys.errors.check(check_access(&auth))?;
        Some((access, auth.span()))
    });
    let roles = roles(keys);
    match auth {
        Some((access, span)) if !roles.is_empty() && access != Access::Required => {
            let problem =
                "only who is logged in has roles: write `auth = \"required\"`, or leave it out beside `roles`";
            keys.errors.at(span, problem);
        }
        _ => {}
    }
    let implied = (!roles.is_empty()).then_some(Access::Required);
    let auth = auth.map(|(access, _)| access).or(implied).map(|access| {
        let variant = Ident::new(access.variant(), Span::call_site());
        quote!(::lambdio::config::Access::#variant)
    });
    Policy { auth, roles }
}

/// Whether `#[handler]` or `#[route]` asks for a login with `auth = "required"`.
pub(crate) fn login(keys: &mut Keys) -> bool {
    keys.string("auth").is_some_and(|auth| keys.errors.check(check_login(&auth)).is_some())
}

/// The roles, none if the key is not there.
pub(crate) fn roles(keys: &mut Keys) -> Vec<LitStr> {
    let roles = keys.strings("roles", "admin").unwrap_or_default();
    for role in &roles {
        keys.errors.check(check_role(role));
    }
    roles
}

/// A role, as it stands in configuration, too.
fn check_role(role: &LitStr) -> Result<(), Error> {
    let text = role.value();
    let problem = if text.trim().is_empty() {
        "a role must not be empty"
    } else if text.trim() != text || text.chars().any(char::is_control) {
        "a role's name has no control character, and no space at its ends"
    } else {
        return Ok(());
    };
    Err(Error::new(role.span(), problem))
}

/// Whether clients of a namespace must be logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    None,
    Optional,
    Required,
}

impl Access {
    /// The runtime's name for it.
    fn variant(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Optional => "Optional",
            Self::Required => "Required",
        }
    }
}

/// Whether clients of a namespace must be logged in, as it stands in configuration, too.
fn check_access(auth: &LitStr) -> Result<Access, Error> {
    match auth.value().as_str() {
        "none" => Ok(Access::None),
        "optional" => Ok(Access::Optional),
        "required" => Ok(Access::Required),
        _ => Err(Error::new(auth.span(), "`auth` is \"none\", \"optional\" or \"required\"")),
    }
}

/// Whether a single function asks for a login.
fn check_login(auth: &LitStr) -> Result<(), Error> {
    if auth.value() == "required" {
        return Ok(());
    }
    let problem = "only \"required\" can be said here: where a login is optional, take `Option<User>`; where none is needed, \
                   leave `auth` out";
    Err(Error::new(auth.span(), problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusals::{assert_accepted, assert_refused};

    #[test]
    fn roles() {
        assert_accepted(check_role, &["admin", "chief editor", "größe", "a:b"]);
        assert_refused(
            check_role,
            &[("", "must not be empty"), (" ", "must not be empty"), ("admin ", "at its ends"), ("ad\nmin", "control")],
        );
    }

    #[test]
    fn access() {
        assert_accepted(check_access, &["none", "optional", "required"]);
        assert_refused(check_access, &[("", "\"optional\""), ("Required", "\"required\"")]);
        assert_accepted(check_login, &["required"]);
        assert_refused(check_login, &[("optional", "`Option<User>`"), ("none", "leave `auth` out"), ("", "required")]);
    }
}
