//! The implementations.

use super::{
    case::{Case, Kind},
    message::binding,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::DeriveInput;

/// `HandlerError`, and `From` where a variant takes all other errors.
pub(super) fn implementation(name: &Ident, cases: &[Case<'_>]) -> TokenStream {
    let arms = cases.iter().map(arm);
    let listed = cases.iter().filter_map(|case| match &case.kind {
        Kind::Code { code, message, status, .. } => {
            let message = &message.written;
            Some(quote!(::lambdio::ErrorCase { code: #code, status: #status, message: #message }))
        }
        Kind::Other => None,
    });
    let other = cases.iter().find(|case| matches!(case.kind, Kind::Other)).map(|case| {
        let variant = case.name;
        from_others(name, &quote!(Self::#variant(::core::convert::From::from(error))))
    });
    quote! {
        #[automatically_derived]
        impl ::lambdio::HandlerError for #name {
            fn into_error(self) -> ::lambdio::Error {
                match self { #(#arms)* }
            }

            fn cases() -> &'static [::lambdio::ErrorCase] {
                &[#(#listed),*]
            }
        }

        #other
    }
}

/// Stands in where the attributes are wrong, so that those mistakes are all that is reported.
pub(super) fn placeholder(item: &DeriveInput, takes_others: bool) -> TokenStream {
    let name = &item.ident;
    let (generics, arguments, conditions) = item.generics.split_for_impl();
    let other = takes_others.then(|| from_others(name, &quote!(::core::unreachable!())));
    quote! {
        #[automatically_derived]
        impl #generics ::lambdio::HandlerError for #name #arguments #conditions {
            fn into_error(self) -> ::lambdio::Error {
                ::core::unreachable!()
            }
        }

        #other
    }
}

fn from_others(name: &Ident, value: &TokenStream) -> TokenStream {
    // names of types are not hygienic: an author's enum may be called `E`
    quote! {
        #[automatically_derived]
        impl<__LambdioOther> ::core::convert::From<__LambdioOther> for #name
        where
            ::lambdio::Error: ::core::convert::From<__LambdioOther>,
        {
            fn from(error: __LambdioOther) -> Self {
                #value
            }
        }
    }
}

fn arm(Case { name, fields, kind }: &Case<'_>) -> TokenStream {
    let Kind::Code { code, message, status, details } = kind else {
        return quote!(Self::#name(error) => error,);
    };
    let taken = |position: &usize| message.used.contains(position) || *details == Some(*position);
    let pattern = fields.members().enumerate().filter(|(position, _)| taken(position)).map(|(position, member)| {
        let value = binding(position, &message.written);
        quote!(#member: #value)
    });
    let pattern = quote!({ #(#pattern,)* .. });
    let format = &message.format;
    let text = if message.used.is_empty() { quote!(#format) } else { quote!(::std::format!(#format)) };
    let details = details.map(|position| binding(position, &message.written));
    let details = details.map(|value| quote!(.with_details(#value)));
    quote! {
        Self::#name #pattern => ::lambdio::Error::with_code(#code, #status, #text)#details,
    }
}
