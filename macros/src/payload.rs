//! `#[payload]`: serde's and schemars' derives, through lambdio.

use crate::keys::Keys;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error};

pub(crate) fn payload(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Keys::parse(tokens, &[]).errors;
    let derives = errors.check(parse(item, "payload")).map(|_| derives(Derived::SentAndReceived));
    quote!(#derives #item #errors)
}

/// Parses a struct or an enum.
pub(crate) fn parse(item: &TokenStream, attribute: &str) -> Result<DeriveInput, Error> {
    let wrong_place = format!("#[{attribute}] belongs on a struct or an enum");
    match syn::parse2::<DeriveInput>(item.clone()) {
        Ok(DeriveInput { data: Data::Union(data), .. }) => Err(Error::new(data.union_token.span, wrong_place)),
        Ok(item) => Ok(item),
        Err(error) if is_type(item) => Err(error),
        Err(_) => Err(Error::new_spanned(item, wrong_place)),
    }
}

/// Whether this is meant to be a struct or an enum.
fn is_type(item: &TokenStream) -> bool {
    item.clone()
        .into_iter()
        .any(|token| matches!(token, proc_macro2::TokenTree::Ident(word) if word == "struct" || word == "enum"))
}

/// What is derived.
#[derive(Clone, Copy)]
pub(crate) enum Derived {
    /// serde's traits both ways, and the schema.
    SentAndReceived,
    /// `Serialize` and the schema.
    Sent,
    /// The schema alone.
    Described,
}

/// The derives, which find their crates through lambdio.
pub(crate) fn derives(derived: Derived) -> TokenStream {
    let serde = match derived {
        Derived::SentAndReceived => quote! {
            #[derive(::lambdio::__private::serde::Serialize, ::lambdio::__private::serde::Deserialize)]
            #[serde(crate = "::lambdio::__private::serde")]
        },
        Derived::Sent => quote! {
            #[derive(::lambdio::__private::serde::Serialize)]
            #[serde(crate = "::lambdio::__private::serde")]
        },
        Derived::Described => TokenStream::new(),
    };
    quote! {
        #serde
        #[derive(::lambdio::__private::schemars::JsonSchema)]
        #[schemars(crate = "::lambdio::__private::schemars")]
    }
}
