//! Who may: the keys `auth` and `roles`.

use crate::{
    keys::Keys,
    names::{Access, check_access, check_login, check_role},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::LitStr;

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
