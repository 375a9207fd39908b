//! The keys of an attribute: `namespace = "/chat", event = "say"`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{
    Error, Expr, ExprLit, Lit, LitStr, Result, Token, Type,
    parse::{Parse, ParseStream, Parser},
    spanned::Spanned,
};

/// The keys of one attribute, each to be taken at most once.
pub struct Keys {
    accepted: &'static [&'static str],
    entries: Vec<Entry>,
    errors: Option<Error>,
}

struct Entry {
    key: Ident,
    /// `None` for a key without a value.
    value: Option<TokenStream>,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let key = input.call(syn::ext::IdentExt::parse_any)?;
        if !input.peek(Token![=]) {
            return Ok(Self { key, value: None });
        }
        input.parse::<Token![=]>()?;
        if input.is_empty() || input.peek(Token![,]) {
            return Err(Error::new(key.span(), format!("`{key}` has no value")));
        }
        let mut value = TokenStream::new();
        let mut depth = 0usize;
        while !input.is_empty() && (depth > 0 || !input.peek(Token![,])) {
            // commas inside `<…>` belong to the type
            if input.peek(Token![<]) {
                depth += 1;
            } else if input.peek(Token![>]) {
                depth = depth.saturating_sub(1);
            }
            value.extend([input.parse::<proc_macro2::TokenTree>()?]);
        }
        Ok(Self { key, value: Some(value) })
    }
}

impl Keys {
    /// Parses the keys. Unknown and repeated ones are errors at their own place; the others can still be taken.
    pub fn parse(tokens: TokenStream, accepted: &'static [&'static str]) -> Self {
        let mut keys = Self { accepted, entries: Vec::new(), errors: None };
        let parser = syn::punctuated::Punctuated::<Entry, Token![,]>::parse_terminated;
        let entries = match parser.parse2(tokens) {
            Ok(entries) => entries,
            Err(error) => {
                keys.report(error);
                return keys;
            }
        };
        for entry in entries {
            let name = entry.key.to_string();
            if !accepted.contains(&name.as_str()) {
                keys.report(Error::new(entry.key.span(), unknown(&name, accepted)));
            } else if keys.entries.iter().any(|known| known.key == entry.key) {
                keys.report(Error::new(entry.key.span(), format!("`{name}` is given twice")));
            } else {
                keys.entries.push(entry);
            }
        }
        keys
    }

    /// Remembers an error, to be reported with all others.
    pub fn report(&mut self, error: Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    /// All errors so far.
    pub fn finish(self) -> Option<Error> {
        self.errors
    }

    /// Whether any key had to be reported, so that a missing one need not be.
    pub fn has_errors(&self) -> bool {
        self.errors.is_some()
    }

    /// A key without a value. Returns where it stands.
    pub fn flag(&mut self, key: &str) -> Option<Span> {
        let entry = self.take(key)?;
        match entry.value {
            None => Some(entry.key.span()),
            Some(value) => {
                self.report(Error::new(value.span(), format!("`{key}` takes no value")));
                None
            }
        }
    }

    /// A key with a string.
    pub fn string(&mut self, key: &str) -> Option<LitStr> {
        let entry = self.take(key)?;
        match entry.value.clone().map(syn::parse2::<LitStr>) {
            Some(Ok(text)) => Some(text),
            _ => {
                self.report(Error::new(entry.span(), format!("`{key}` takes a string: `{key} = \"…\"`")));
                None
            }
        }
    }

    /// A key with a whole number.
    pub fn integer<N>(&mut self, key: &str) -> Option<(N, Span)>
    where
        N: std::str::FromStr<Err: std::fmt::Display>,
    {
        let entry = self.take(key)?;
        let span = entry.span();
        let number =
            entry.value.clone().and_then(|value| syn::parse2::<Expr>(value).ok()).and_then(|value| number(&value));
        match number.and_then(|digits| digits.parse().ok()) {
            Some(number) => Some((number, span)),
            None => {
                self.report(Error::new(span, format!("`{key}` takes a whole number: `{key} = 10`")));
                None
            }
        }
    }

    /// A key with a type.
    pub fn ty(&mut self, key: &str) -> Option<Type> {
        let entry = self.take(key)?;
        match entry.value.clone().map(syn::parse2::<Type>) {
            Some(Ok(ty)) => Some(ty),
            _ => {
                self.report(Error::new(entry.span(), format!("`{key}` takes a type: `{key} = bool`")));
                None
            }
        }
    }

    fn take(&mut self, key: &str) -> Option<Entry> {
        debug_assert!(self.accepted.contains(&key));
        let position = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(position))
    }
}

impl Entry {
    fn span(&self) -> Span {
        self.value.as_ref().map_or_else(|| self.key.span(), Spanned::span)
    }
}

/// The digits of `10` or `-10`.
fn number(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => Some(number.base10_digits().to_owned()),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => Some(format!("-{}", number(&unary.expr)?)),
        _ => None,
    }
}

fn unknown(name: &str, accepted: &[&str]) -> String {
    let nearest = accepted
        .iter()
        .map(|key| (strsim::damerau_levenshtein(name, key), key))
        .min()
        .filter(|(distance, key)| *distance <= 1 + key.len() / 3);
    let hint = nearest.map(|(_, key)| format!("; did you mean `{key}`?")).unwrap_or_default();
    match accepted {
        [] => format!("unknown key `{name}`: this attribute takes no keys"),
        [only] => format!("unknown key `{name}`: the only key is `{only}`"),
        _ => {
            let list = accepted.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            format!("unknown key `{name}`{hint}: the keys are {list}")
        }
    }
}
