//! Arguments are owned: an invocation may outlive what they were made from.

use crate::errors::Errors;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

/// Reports an argument that borrows.
pub(crate) fn check_owned(ty: &Type, errors: &mut Errors) {
    match ty {
        Type::Reference(reference) => {
            let owned = match &*reference.elem {
                Type::Path(path) if path.path.is_ident("str") => "`Data<String>`".to_owned(),
                inner => format!("`{}`", compact(inner)),
            };
            errors.on(ty, format!("a handler owns its arguments: take {owned} instead of a reference"));
        }
        Type::ImplTrait(_) => errors.on(ty, "name the type of the argument instead of `impl Trait`"),
        other => {
            if let Some(token) = find_borrow(other.to_token_stream()) {
                errors.at(token, "a handler owns its arguments: use a type without borrowed parts");
            }
        }
    }
}

/// A type as people write it: tokens print with spaces around every mark.
fn compact(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    [(" :: ", "::"), (" < ", "<"), (" >", ">"), (" ,", ",")]
        .iter()
        .fold(text, |text, (long, short)| text.replace(long, short))
}

/// A reference or a lifetime other than `'static` inside a type.
fn find_borrow(tokens: TokenStream) -> Option<Span> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                if let Some(span) = find_borrow(group.stream()) {
                    return Some(span);
                }
            }
            TokenTree::Punct(mark) if mark.as_char() == '\'' => match tokens.peek() {
                Some(TokenTree::Ident(name)) if name == "static" => {}
                Some(TokenTree::Ident(name)) => return Some(name.span()),
                _ => return Some(mark.span()),
            },
            TokenTree::Punct(mark) if mark.as_char() == '&' => {
                // `&'static T` is owned enough
                let mut rest = tokens.clone();
                let is_static = matches!(rest.next(), Some(TokenTree::Punct(mark)) if mark.as_char() == '\'')
                    && matches!(rest.next(), Some(TokenTree::Ident(name)) if name == "static");
                if !is_static {
                    return Some(mark.span());
                }
            }
            _ => {}
        }
    }
    None
}
