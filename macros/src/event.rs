//! `#[event]`: an event that the server sends.

use crate::{
    descriptor::{descriptor, first},
    handlers,
    keys::Keys,
    payload::{Derived, derives, parse},
};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Fields, Lifetime, Type, parse_quote};

pub(crate) fn event(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    let mut keys = Keys::parse(tokens, &["namespace", "name", "ack"]);
    let namespace = handlers::namespace(&mut keys);
    let name = handlers::event(&mut keys, "name", "#[event(name = \"…\")]");
    let ack = keys.ty("ack").unwrap_or_else(|| parse_quote!(()));
    let mut errors = keys.errors;
    let Some(parsed) = errors.check(parse(item, "event")) else { return quote!(#item #errors) };
    if let Some(first) = parsed.generics.params.first() {
        errors.on(first, "an event has no generic parameters: its schema is part of the contract with clients");
        let derives = derives(Derived::Sent);
        return quote!(#derives #item #errors);
    }

    let ident = &parsed.ident;
    let conditions = parsed.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let life = Lifetime::new("'a", Span::mixed_site());
    // `Args` spreads itself and is no value of serde's
    let (derives, arguments, value) = match spread(&parsed) {
        Some(list) => (
            derives(Derived::Described),
            quote!(::lambdio::__private::Spread<#life, <#list as ::lambdio::__private::List>::Values>),
            quote!(::lambdio::__private::Spread(&self.0.0)),
        ),
        None => (
            derives(Derived::Sent),
            quote!(::lambdio::__private::Single<#life, Self>),
            quote!(::lambdio::__private::Single(self)),
        ),
    };
    // a wrong type is one error, at its first token
    let ack = quote_spanned!(first(&ack)=> type Ack = <#ack as ::lambdio::__private::Acknowledgement>::Value;);
    let role = quote! {
        Emitted {
            namespace: #namespace,
            event: #name,
            payload: ::lambdio::__private::schema_of::<#ident>,
            ack: ::lambdio::__private::schema_of_ack::<#ident>,
        }
    };
    let descriptor = descriptor(ident, &role, &quote!(|_| {}));

    quote! {
        #derives
        #item

        #(#conditions)*
        const _: () = {
            impl ::lambdio::Event for #ident {
                const NAMESPACE: &'static str = #namespace;
                const NAME: &'static str = #name;
                #ack
                type Arguments<#life> = #arguments;

                fn arguments(&self) -> Self::Arguments<'_> {
                    #value
                }
            }

            #descriptor
        };

        #errors
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
