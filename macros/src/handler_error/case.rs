//! One variant with its attribute.

use super::message::Message;
use crate::{
    errors::Errors,
    keys::Keys,
    names::{check_code, check_status},
};
use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Field, Fields, LitStr, Meta, Variant};

const ATTRIBUTE: &str = "handler_error";

/// One variant.
pub(super) struct Case<'a> {
    pub(super) name: &'a Ident,
    pub(super) fields: &'a Fields,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    /// A variant with a code of its own.
    Code {
        code: LitStr,
        message: Message,
        status: u16,
        /// The position of the field that is sent as details.
        details: Option<usize>,
    },
    /// The variant for every other error.
    Other,
}

impl<'a> Case<'a> {
    pub(super) fn parse(variant: &'a Variant, errors: &mut Errors) -> Option<Self> {
        if !variant.attrs.iter().any(is_ours) {
            let problem = "this variant has no code: write #[handler_error(code = \"…\", message = \"…\")]";
            errors.on(&variant.ident, problem);
        }
        let tokens = attribute(&variant.attrs, errors)?;
        let mut keys = Keys::parse(tokens, &["code", "message", "status", "other"]);
        let kind =
            if keys.flag("other").is_some() { Some(other(variant, &mut keys)) } else { code(variant, &mut keys) };
        let details = details(&variant.fields, &mut keys.errors);
        errors.append(keys.errors);
        let kind = match kind? {
            Kind::Code { code, message, status, .. } => Kind::Code { code, message, status, details },
            Kind::Other => Kind::Other,
        };
        Some(Self { name: &variant.ident, fields: &variant.fields, kind })
    }
}

fn other(variant: &Variant, keys: &mut Keys) -> Kind {
    for key in ["code", "message"] {
        if let Some(text) = keys.string(key) {
            keys.errors.on(text, "the variant for all other errors has no code of its own: each error brings its code");
        }
    }
    if !matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1) {
        let problem = format!("this variant holds one `lambdio::Error`: write `{}(lambdio::Error)`", variant.ident);
        keys.errors.on(&variant.ident, problem);
    }
    Kind::Other
}

fn code(variant: &Variant, keys: &mut Keys) -> Option<Kind> {
    let at = variant.ident.span();
    let code = keys.required("code", at, "code = \"…\"");
    let message = keys.required("message", at, "message = \"…\"");
    if let Some(code) = &code {
        keys.errors.check(check_code(code));
    }
    let status = keys.integer("status").map_or(400, |(status, span)| {
        keys.errors.check(check_status(status, span));
        status
    });
    let message = message.and_then(|message| keys.errors.check(Message::parse(message, &variant.fields)));
    Some(Kind::Code { code: code?, message: message?, status, details: None })
}

/// The field that is sent as details.
fn details(fields: &Fields, errors: &mut Errors) -> Option<usize> {
    let mut details = None;
    for (position, field) in fields.iter().enumerate() {
        if is_details(field, errors) && details.replace(position).is_some() {
            errors.on(field, "one field is the details, not two");
        }
    }
    details
}

fn is_details(field: &Field, errors: &mut Errors) -> bool {
    let Some(tokens) = attribute(&field.attrs, errors) else { return false };
    let mut keys = Keys::parse(tokens, &["details"]);
    let is_details = keys.flag("details");
    errors.append(keys.errors);
    is_details.is_some()
}

fn is_ours(attribute: &Attribute) -> bool {
    attribute.path().is_ident(ATTRIBUTE)
}

fn attribute(attributes: &[Attribute], errors: &mut Errors) -> Option<TokenStream> {
    let mut found = attributes.iter().filter(|attribute| is_ours(attribute));
    let first = found.next()?;
    if let Some(second) = found.next() {
        errors.on(second, "one #[handler_error(…)] is enough");
    }
    if let Meta::List(list) = &first.meta {
        Some(list.tokens.clone())
    } else {
        errors.on(&first.meta, "this attribute has keys: write them as `#[handler_error(…)]`");
        None
    }
}
