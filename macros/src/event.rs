//! `#[event]`: an event that the server sends.

use crate::{
    handlers::{check, namespace, required},
    keys::Keys,
    names::check_event,
    payload::derives,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Fields, Type};

pub fn event(tokens: TokenStream, item: TokenStream) -> TokenStream {
    let mut keys = Keys::parse(tokens, &["namespace", "name", "ack"]);
    let namespace = namespace(&mut keys);
    let name = required(&mut keys, "name", "#[event(name = \"…\")]");
    if let Some(name) = &name {
        check(&mut keys, check_event(name));
    }
    let ack = keys.ty("ack").map_or_else(|| quote!(()), |ty| quote!(#ty));
    let parsed = syn::parse2::<DeriveInput>(item.clone()).map_err(|error| keys.report(error)).ok();
    if let Some(first) = parsed.as_ref().and_then(|parsed| parsed.generics.params.first()) {
        keys.report(Error::new_spanned(first, "an event has no generic parameters"));
    }
    let (item, parsed) = match (keys.finish(), parsed) {
        (None, Some(parsed)) => (item, parsed),
        (errors, _) => {
            let errors = errors.map(Error::into_compile_error);
            let derives = derives(&quote!(::lambdio::__private::serde::Serialize,));
            return quote!(#derives #item #errors);
        }
    };

    let ident = &parsed.ident;
    let text = ident.to_string();
    let conditions = parsed.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    // `Args` spreads itself and is no value of serde's
    let (derives, arguments, value) = match spread(&parsed) {
        Some(list) => (
            quote! {
                #[derive(::lambdio::__private::schemars::JsonSchema)]
                #[schemars(crate = "::lambdio::__private::schemars")]
            },
            quote!(::lambdio::__private::Spread<'a, <#list as ::lambdio::__private::List>::Values>),
            quote!(::lambdio::__private::Spread(&self.0.0)),
        ),
        None => (
            derives(&quote!(::lambdio::__private::serde::Serialize,)),
            quote!(::lambdio::__private::Single<'a, Self>),
            quote!(::lambdio::__private::Single(self)),
        ),
    };

    quote! {
        #derives
        #item

        #(#conditions)*
        const _: () = {
            impl ::lambdio::Event for #ident {
                const NAMESPACE: &'static str = #namespace;
                const NAME: &'static str = #name;
                type Ack = #ack;
                type Arguments<'a> = #arguments;

                fn arguments(&self) -> Self::Arguments<'_> {
                    #value
                }
            }

            ::lambdio::__private::inventory::submit! {
                ::lambdio::registry::Descriptor {
                    role: ::lambdio::registry::Role::Emitted {
                        namespace: #namespace,
                        event: #name,
                        payload: ::lambdio::__private::schema_of::<#ident>,
                        ack: ::lambdio::__private::schema_of::<#ack>,
                    },
                    location: ::lambdio::registry::Location {
                        file: ::core::file!(),
                        line: ::core::line!(),
                        module: ::core::module_path!(),
                        name: #text,
                    },
                    declare: |_| {},
                }
            }
        };
    }
}

/// The `Args<…>` of `struct Moved(Args<…>)`.
fn spread(item: &DeriveInput) -> Option<&Type> {
    let syn::Data::Struct(item) = &item.data else { return None };
    let Fields::Unnamed(fields) = &item.fields else { return None };
    let mut fields = fields.unnamed.iter();
    let (Some(only), None) = (fields.next(), fields.next()) else { return None };
    let Type::Path(path) = &only.ty else { return None };
    (path.path.segments.last()?.ident == "Args").then_some(&only.ty)
}
