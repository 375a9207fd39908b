//! The annotated function: its signature is read, its body is passed on untouched.

use crate::{errors::Errors, owned::check_owned};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Attribute, Error, FnArg, Result, ReturnType, Signature, Token, Type, Visibility,
    parse::{Parse, ParseStream},
    parse_quote,
    spanned::Spanned,
};

/// The annotated function.
pub(crate) struct Function {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    pub(crate) signature: Signature,
    body: TokenStream,
}

/// How the function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Awaited.
    Handler,
    /// Called where it may block.
    Blocking,
    /// Awaited before a handler.
    Guard,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Handler | Self::Blocking => "a handler",
            Self::Guard => "a guard",
        }
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        if [input.peek(Token![struct]), input.peek(Token![enum]), input.peek(Token![impl]), input.peek(Token![mod])]
            .contains(&true)
        {
            return Err(input.error("this attribute belongs on an async function"));
        }
        let signature = input.parse().map_err(|error: Error| {
            Error::new(error.span(), format!("this attribute belongs on an async function: {error}"))
        })?;
        let body = input.parse()?;
        Ok(Self { attributes, visibility, signature, body })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attributes, visibility, signature, body } = self;
        tokens.extend(quote! {
            // asked for by the attribute, not chosen by the author
            #[allow(clippy::unused_async, clippy::needless_pass_by_value)]
            #(#attributes)* #visibility #signature #body
        });
    }
}

impl Function {
    /// The `#[cfg]`s of the function: what is generated beside it lives under the same conditions.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }

    /// What is allowed in the generated code beside the function: to call it, even if nobody else should.
    pub(crate) fn allowances(&self) -> Option<TokenStream> {
        let deprecated = self.attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"));
        deprecated.then(|| quote!(#[allow(deprecated)]))
    }

    /// The types of the arguments.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &Type> {
        self.signature.inputs.iter().filter_map(|argument| match argument {
            FnArg::Typed(argument) => Some(&*argument.ty),
            FnArg::Receiver(_) => None,
        })
    }

    /// The type of the reply.
    pub(crate) fn reply(&self) -> Type {
        match &self.signature.output {
            ReturnType::Type(_, ty) => (**ty).clone(),
            ReturnType::Default => parse_quote!(()),
        }
    }

    /// Whether anybody may use the function.
    pub(crate) fn visibility(&self) -> &Visibility {
        &self.visibility
    }

    /// The function's documentation.
    pub(crate) fn documentation(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.path().is_ident("doc"))
    }

    /// Reports what cannot be called as `kind` says.
    pub(crate) fn check(&self, kind: Kind) -> Errors {
        let mut errors = Errors::default();
        let signature = &self.signature;
        let what = kind.name();
        match (kind, &signature.asyncness) {
            (Kind::Blocking, Some(token)) => {
                errors.at(token.span, "a blocking handler is a plain function: remove `async`, or `blocking`");
            }
            (Kind::Handler | Kind::Guard, None) => {
                errors.at(signature.fn_token.span, format!("{what} is an async function: write `async fn`"));
            }
            _ => {}
        }
        if let Some(token) = &signature.unsafety {
            errors.at(token.span, format!("{what} is a safe function: remove `unsafe`"));
        }
        if let Some(first) = signature.generics.params.first() {
            let problem = "has no generic parameters: the runtime would not know what to put in for them";
            errors.on(first, format!("{what} {problem}"));
        }
        for argument in &signature.inputs {
            let (FnArg::Typed(syn::PatType { attrs, .. }) | FnArg::Receiver(syn::Receiver { attrs, .. })) = argument;
            if let Some(condition) = attrs.iter().find(|attribute| attribute.path().is_ident("cfg")) {
                let problem = "have no conditions: write a function for each case";
                errors.on(condition, format!("{what}'s arguments {problem}"));
            }
            match argument {
                FnArg::Receiver(receiver) => {
                    let problem = "is a free function, without `self`: what it needs are its arguments";
                    errors.at(receiver.self_token.span, format!("{what} {problem}"));
                }
                FnArg::Typed(argument) => check_owned(&argument.ty, &mut errors),
            }
        }
        if let Some(variadic) = &signature.variadic {
            errors.at(variadic.span(), format!("{what} takes a fixed number of arguments"));
        }
        match &signature.output {
            ReturnType::Type(_, ty) if matches!(**ty, Type::ImplTrait(_)) => {
                errors.on(ty, "name the type of the reply instead of `impl Trait`");
            }
            _ => {}
        }
        errors
    }
}
