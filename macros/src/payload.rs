//! `#[payload]`: serde's and schemars' derives, through lambdio.

use crate::keys::Keys;
use proc_macro2::TokenStream;
use quote::quote;
use syn::Error;

pub fn payload(tokens: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Keys::parse(tokens, &[]).finish().map(Error::into_compile_error);
    let derives = derives(&quote!(::lambdio::__private::serde::Serialize, ::lambdio::__private::serde::Deserialize,));
    quote!(#derives #item #errors)
}

/// The derives of serde's that are given, and schemars'.
pub fn derives(serde: &TokenStream) -> TokenStream {
    quote! {
        #[derive(#serde ::lambdio::__private::schemars::JsonSchema)]
        #[serde(crate = "::lambdio::__private::serde")]
        #[schemars(crate = "::lambdio::__private::schemars")]
    }
}
