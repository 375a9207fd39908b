//! The annotated function: its signature is read, its body is passed on untouched.

use crate::keys::Keys;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Error, FnArg, Result, ReturnType, Signature, Type, Visibility,
    parse::{Parse, ParseStream},
    spanned::Spanned,
};

/// The annotated function.
pub struct Function {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    pub signature: Signature,
    body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature = input
            .parse()
            .map_err(|error| Error::new(error.span(), format!("this attribute belongs on a function: {error}")))?;
        let body = input.parse()?;
        Ok(Self { attributes, visibility, signature, body })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attributes, visibility, signature, body } = self;
        tokens.extend(quote!(#(#attributes)* #visibility #signature #body));
    }
}

impl Function {
    /// The `#[cfg]`s of the function: what is generated beside it lives under the same conditions.
    pub fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }

    /// The types of the arguments.
    pub fn arguments(&self) -> impl Iterator<Item = &Type> {
        self.signature.inputs.iter().filter_map(|argument| match argument {
            FnArg::Typed(argument) => Some(&*argument.ty),
            FnArg::Receiver(_) => None,
        })
    }

    /// The type of the reply.
    pub fn reply(&self) -> TokenStream {
        match &self.signature.output {
            ReturnType::Type(_, ty) => ty.to_token_stream(),
            ReturnType::Default => quote!(()),
        }
    }

    /// Reports what cannot be a handler.
    pub fn check(&self, keys: &mut Keys) {
        let signature = &self.signature;
        if signature.asyncness.is_none() {
            keys.report(Error::new(signature.fn_token.span, "a handler is an async function: write `async fn`"));
        }
        if let Some(token) = &signature.unsafety {
            keys.report(Error::new(token.span, "a handler is a safe function: remove `unsafe`"));
        }
        if let Some(first) = signature.generics.params.first() {
            let problem = "a handler has no generic parameters: the runtime would not know what to put in for them";
            keys.report(Error::new(first.span(), problem));
        }
        for argument in &signature.inputs {
            match argument {
                FnArg::Receiver(receiver) => {
                    let problem = "a handler is a free function, without `self`: what it needs are its arguments";
                    keys.report(Error::new(receiver.self_token.span, problem));
                }
                FnArg::Typed(argument) => check_owned(&argument.ty, keys),
            }
        }
        if let ReturnType::Type(_, ty) = &signature.output
            && let Type::ImplTrait(reply) = &**ty
        {
            keys.report(Error::new(reply.impl_token.span, "name the type of the reply instead of `impl Trait`"));
        }
    }
}

/// Arguments are owned: an invocation may outlive what they were made from.
fn check_owned(ty: &Type, keys: &mut Keys) {
    match ty {
        Type::Reference(reference) => {
            let owned = match &*reference.elem {
                Type::Path(path) if path.path.is_ident("str") => "`Data<String>`".to_owned(),
                inner => format!("`{}`", inner.to_token_stream()),
            };
            let problem = format!("a handler owns its arguments: take {owned} instead of a reference");
            keys.report(Error::new(reference.and_token.span, problem));
        }
        Type::ImplTrait(argument) => {
            keys.report(Error::new(argument.impl_token.span, "name the type of the argument instead of `impl Trait`"));
        }
        other => {
            if let Some(token) = find_borrow(other.to_token_stream()) {
                keys.report(Error::new(token, "a handler owns its arguments: use a type without borrowed parts"));
            }
        }
    }
}

/// A reference or a lifetime other than `'static` inside a type.
fn find_borrow(tokens: TokenStream) -> Option<proc_macro2::Span> {
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
