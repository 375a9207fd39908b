//! `#[derive(HandlerError)]`: code, message and HTTP status per variant.

use crate::{
    handlers::check,
    keys::Keys,
    names::{check_code, check_status},
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, Data, DeriveInput, Error, Field, Fields, LitStr, Meta, Variant};

const ATTRIBUTE: &str = "handler_error";

pub fn derive(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Keys::parse(TokenStream::new(), &[]);
    if let Some(first) = item.generics.params.first() {
        errors.report(Error::new_spanned(first, "an error type has no generic parameters"));
    }
    let Data::Enum(data) = &item.data else {
        return Error::new_spanned(&item.ident, "HandlerError is derived for an enum, one code per variant")
            .into_compile_error();
    };
    let cases: Vec<Case> = data.variants.iter().filter_map(|variant| Case::parse(variant, &mut errors)).collect();
    if let Some(second) = cases.iter().filter(|case| matches!(case.kind, Kind::Other)).nth(1) {
        errors.report(Error::new_spanned(second.name, "one variant takes all other errors, not two"));
    }
    match errors.finish() {
        Some(errors) => errors.into_compile_error(),
        None => generate(&item.ident, &cases),
    }
}

/// One variant.
struct Case<'a> {
    name: &'a Ident,
    fields: &'a Fields,
    kind: Kind,
}

enum Kind {
    Code { code: LitStr, message: LitStr, status: u16, details: Option<usize> },
    Other,
}

impl<'a> Case<'a> {
    fn parse(variant: &'a Variant, errors: &mut Keys) -> Option<Self> {
        let Some(tokens) = attribute(&variant.attrs, errors) else {
            let problem = "this variant has no code: write #[handler_error(code = \"…\", message = \"…\")]";
            errors.report(Error::new_spanned(&variant.ident, problem));
            return None;
        };
        let mut keys = Keys::parse(tokens, &["code", "message", "status", "other"]);
        let kind =
            if keys.flag("other").is_some() { Self::other(variant, &mut keys) } else { Self::code(variant, &mut keys) };
        match keys.finish() {
            Some(error) => {
                errors.report(error);
                None
            }
            None => Some(Self { name: &variant.ident, fields: &variant.fields, kind: kind? }),
        }
    }

    fn other(variant: &Variant, keys: &mut Keys) -> Option<Kind> {
        let fits = matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1);
        if !fits {
            let problem = format!("this variant holds one `lambdio::Error`: write `{}(lambdio::Error)`", variant.ident);
            keys.report(Error::new_spanned(&variant.ident, problem));
        }
        fits.then_some(Kind::Other)
    }

    fn code(variant: &Variant, keys: &mut Keys) -> Option<Kind> {
        let (code, message) = (keys.string("code"), keys.string("message"));
        for (key, value) in [("code", &code), ("message", &message)] {
            if value.is_none() && !keys.has_errors() {
                keys.report(Error::new_spanned(&variant.ident, format!("`{key}` is missing: write {key} = \"…\"")));
            }
        }
        if let Some(code) = &code {
            check(keys, check_code(code));
        }
        let status = keys.integer::<u16>("status").map_or(400, |(status, span)| {
            check(keys, check_status(status, span));
            status
        });
        let mut details = None;
        for (position, field) in variant.fields.iter().enumerate() {
            if is_details(field, keys) && details.replace(position).is_some() {
                keys.report(Error::new_spanned(field, "one field is the details, not two"));
            }
        }
        Some(Kind::Code { code: code?, message: message?, status, details })
    }
}

fn attribute(attributes: &[Attribute], errors: &mut Keys) -> Option<TokenStream> {
    let mut found = attributes.iter().filter(|attribute| attribute.path().is_ident(ATTRIBUTE));
    let first = found.next()?;
    if let Some(second) = found.next() {
        errors.report(Error::new_spanned(second, "one #[handler_error(…)] is enough"));
    }
    match &first.meta {
        Meta::List(list) => Some(list.tokens.clone()),
        other => {
            errors.report(Error::new_spanned(other, "write #[handler_error(code = \"…\", message = \"…\")]"));
            Some(TokenStream::new())
        }
    }
}

fn is_details(field: &Field, errors: &mut Keys) -> bool {
    let Some(tokens) = attribute(&field.attrs, errors) else { return false };
    let mut keys = Keys::parse(tokens, &["details"]);
    let details = keys.flag("details").is_some();
    if let Some(error) = keys.finish() {
        errors.report(error);
    }
    details
}

fn generate(ident: &Ident, cases: &[Case<'_>]) -> TokenStream {
    let arms = cases.iter().map(arm);
    let listed = cases.iter().filter_map(|case| match &case.kind {
        Kind::Code { code, message, status, .. } => {
            Some(quote!(::lambdio::ErrorCase { code: #code, status: #status, message: #message }))
        }
        Kind::Other => None,
    });
    let other = cases.iter().find(|case| matches!(case.kind, Kind::Other)).map(|case| {
        let name = case.name;
        quote! {
            impl<E> ::core::convert::From<E> for #ident
            where
                ::lambdio::Error: ::core::convert::From<E>,
            {
                fn from(error: E) -> Self {
                    Self::#name(::core::convert::From::from(error))
                }
            }
        }
    });
    quote! {
        impl ::lambdio::HandlerError for #ident {
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

fn arm(Case { name, fields, kind }: &Case<'_>) -> TokenStream {
    let Kind::Code { code, message, status, details } = kind else {
        return quote!(Self::#name(error) => error,);
    };
    let names: Vec<Ident> = fields
        .iter()
        .enumerate()
        .map(|(position, field)| field.ident.clone().unwrap_or_else(|| format_ident!("field_{position}")))
        .collect();
    let pattern = match fields {
        Fields::Named(_) => quote!({ #(#names),* }),
        Fields::Unnamed(_) => quote!((#(#names),*)),
        Fields::Unit => quote!(),
    };
    let text = if names.is_empty() {
        quote!(#message)
    } else {
        let message = name_positions(message);
        quote!(::std::format!(#message))
    };
    let details = details.and_then(|position| names.get(position)).map(|field| quote!(.details(#field)));
    quote! {
        Self::#name #pattern => {
            #(let _ = &#names;)*
            ::lambdio::Error::with_code(#code, #status, #text)#details
        }
    }
}

/// `{0}` in a message stands for the first field of a tuple variant.
fn name_positions(message: &LitStr) -> LitStr {
    let mut text = message.value();
    for position in 0..10 {
        text = text.replace(&format!("{{{position}}}"), &format!("{{field_{position}}}"));
        text = text.replace(&format!("{{{position}:"), &format!("{{field_{position}:"));
    }
    LitStr::new(&text, message.span())
}
