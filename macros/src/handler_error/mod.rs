//! `#[derive(HandlerError)]`: code, message and HTTP status per variant.

mod case;
mod generate;
mod message;

use crate::errors::Errors;
use case::{Case, Kind};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput};

pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let Data::Enum(data) = &item.data else {
        errors.on(&item.ident, "HandlerError is derived for an enum, one code per variant");
        let placeholder = generate::placeholder(&item, false);
        return quote!(#placeholder #errors);
    };
    if let Some(first) = item.generics.params.first() {
        errors.on(first, "an error type has no generic parameters: its codes are part of the contract with clients");
        return quote!(#errors);
    }
    let cases: Vec<Case<'_>> = data.variants.iter().filter_map(|variant| Case::parse(variant, &mut errors)).collect();
    let mut others = cases.iter().filter(|case| matches!(case.kind, Kind::Other));
    let takes_others = others.next().is_some();
    for second in others {
        errors.on(second.name, "one variant takes all other errors, not two");
    }
    if errors.is_empty() {
        generate::implementation(&item.ident, &cases)
    } else {
        let placeholder = generate::placeholder(&item, takes_others);
        quote!(#placeholder #errors)
    }
}
