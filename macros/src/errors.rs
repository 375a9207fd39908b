//! The mistakes in one attribute, reported together.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// The mistakes found so far, each at its own token.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    /// Remembers a mistake, to be reported with all others.
    pub(crate) fn report(&mut self, error: Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Remembers a mistake at one place.
    pub(crate) fn at(&mut self, span: Span, message: impl std::fmt::Display) {
        self.report(Error::new(span, message));
    }

    /// Remembers a mistake at all tokens of a piece of syntax.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.report(Error::new_spanned(tokens, message));
    }

    /// Remembers all mistakes of a part.
    pub(crate) fn append(&mut self, part: Errors) {
        if let Some(errors) = part.0 {
            self.report(errors);
        }
    }

    /// The value of a check, or its mistake remembered.
    pub(crate) fn check<T>(&mut self, result: Result<T, Error>) -> Option<T> {
        result.map_err(|error| self.report(error)).ok()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl ToTokens for Errors {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.as_ref().map(Error::to_compile_error));
    }
}
