//! The keys of an attribute: `namespace = "/chat", event = "say"`.

use crate::errors::Errors;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{
    Error, Lit, LitStr, Path, Result, Token, Type, TypePath, bracketed,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
    token::Bracket,
};

/// The keys of one attribute, each to be taken at most once.
pub(crate) struct Keys {
    accepted: &'static [&'static str],
    entries: Vec<Entry>,
    /// What is wrong with the attribute so far.
    pub(crate) errors: Errors,
}

struct Entry {
    key: Ident,
    /// `None` for a key without a value.
    value: Option<Value>,
}

enum Value {
    Literal(Option<Token![-]>, Lit),
    List(Bracket, Punctuated<Lit, Token![,]>),
    Type(Box<Type>),
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error("a key is expected here, such as `namespace = \"/\"`"));
        }
        let key = input.call(Ident::parse_any)?;
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            if input.is_empty() || input.peek(Token![,]) {
                return Err(Error::new(key.span(), format!("`{key}` has no value")));
            }
            return Ok(Self { key, value: Some(input.parse()?) });
        }
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(Self { key, value: None });
        }
        Err(input.error(format!("after `{key}` comes a comma, or `=` and a value")))
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let value = if input.peek(Lit) || input.peek(Token![-]) {
            Self::Literal(input.parse()?, input.parse()?)
        } else if is_list(input) {
            let items;
            let bracket = bracketed!(items in input);
            Self::List(bracket, items.parse_terminated(item, Token![,])?)
        } else {
            let not_a_value = |error: Error| {
                Error::new(error.span(), "this is no value: a string, a number, a list, a type or a function")
            };
            Self::Type(input.parse().map_err(not_a_value)?)
        };
        if input.is_empty() || input.peek(Token![,]) {
            Ok(value)
        } else {
            Err(input.error("a comma is missing before this"))
        }
    }
}

/// Whether a list of literals follows: a type in brackets does not begin with a literal, and is not empty.
fn is_list(input: ParseStream<'_>) -> bool {
    let first = |ahead: ParseStream<'_>| {
        let items;
        bracketed!(items in ahead);
        Ok(items.is_empty() || items.peek(Lit))
    };
    input.peek(Bracket) && first(&input.fork()).unwrap_or(false)
}

/// An item of a list.
fn item(input: ParseStream<'_>) -> Result<Lit> {
    input.parse().map_err(|error: Error| Error::new(error.span(), "a string literal is expected here"))
}

impl Keys {
    /// Parses the keys. Unknown and repeated ones are mistakes at their own place; the others can still be taken.
    pub(crate) fn parse(tokens: TokenStream, accepted: &'static [&'static str]) -> Self {
        let mut keys = Self { accepted, entries: Vec::new(), errors: Errors::default() };
        let parsed = Punctuated::<Entry, Token![,]>::parse_terminated.parse2(tokens);
        for entry in keys.errors.check(parsed).into_iter().flatten() {
            let (name, span) = (entry.key.to_string(), entry.key.span());
            if !accepted.contains(&name.as_str()) {
                keys.errors.at(span, unknown(&name, accepted));
            } else if keys.entries.iter().any(|earlier| earlier.key == entry.key) {
                keys.errors.at(span, format!("`{name}` is given twice"));
            } else {
                keys.entries.push(entry);
            }
        }
        keys
    }

    /// A key without a value. Says where it stands, if it is there.
    pub(crate) fn flag(&mut self, key: &str) -> Option<Span> {
        let entry = self.take(key)?;
        if let Some(value) = entry.value {
            self.errors.on(value, format!("`{key}` takes no value"));
        }
        Some(entry.key.span())
    }

    /// A key with a string.
    pub(crate) fn string(&mut self, key: &str) -> Option<LitStr> {
        let entry = self.take(key)?;
        if let Some(Value::Literal(None, Lit::Str(text))) = entry.value {
            return Some(text);
        }
        self.errors.on(entry, format!("`{key}` takes a string literal: `{key} = \"…\"`"));
        None
    }

    /// A key with a list of strings, which is not empty.
    pub(crate) fn strings(&mut self, key: &str, example: &str) -> Option<Vec<LitStr>> {
        let entry = self.take(key)?;
        let Some(Value::List(_, items)) = &entry.value else {
            self.errors.on(entry, format!("`{key}` takes a list of string literals: `{key} = [\"{example}\"]`"));
            return None;
        };
        if items.is_empty() {
            self.errors
                .on(&entry, format!("an empty list says nothing: write `{key} = [\"{example}\"]`, or leave it out"));
            return None;
        }
        let mut strings = Vec::new();
        for item in items {
            match item {
                Lit::Str(text) => strings.push(text.clone()),
                other => self.errors.on(other, format!("`{key}` is a list of string literals: `[\"{example}\"]`")),
            }
        }
        Some(strings)
    }

    /// A string that has to be there. It is not reported as missing beside other mistakes, which may be the cause.
    pub(crate) fn required(&mut self, key: &str, at: Span, example: &str) -> Option<LitStr> {
        let value = self.string(key);
        if value.is_none() && self.errors.is_empty() {
            self.errors.at(at, format!("`{key}` is missing: write {example}"));
        }
        value
    }

    /// A key with a whole number. Returns where it stands, too.
    pub(crate) fn integer<N>(&mut self, key: &str) -> Option<(N, Span)>
    where
        N: std::str::FromStr<Err: std::fmt::Display>,
    {
        let entry = self.take(key)?;
        if let Some(Value::Literal(sign, Lit::Int(number))) = &entry.value {
            let sign = if sign.is_some() { "-" } else { "" };
            if let Ok(value) = format!("{sign}{}", number.base10_digits()).parse() {
                return Some((value, number.span()));
            }
        }
        self.errors.on(entry, format!("`{key}` takes a whole number: `{key} = 10`"));
        None
    }

    /// A key with a type.
    pub(crate) fn ty(&mut self, key: &str) -> Option<Type> {
        let entry = self.take(key)?;
        if let Some(Value::Type(ty)) = entry.value {
            return Some(*ty);
        }
        self.errors.on(entry, format!("`{key}` takes a type: `{key} = bool`"));
        None
    }

    /// A key with the path of a function or type.
    pub(crate) fn path(&mut self, key: &str, example: &str) -> Option<Path> {
        let entry = self.take(key)?;
        if let Some(Value::Type(ty)) = &entry.value
            && let Type::Path(TypePath { qself: None, path }) = &**ty
        {
            return Some(path.clone());
        }
        self.errors.on(entry, format!("`{key}` takes a name: `{key} = {example}`"));
        None
    }

    fn take(&mut self, key: &str) -> Option<Entry> {
        debug_assert!(self.accepted.contains(&key), "{key} is not among the accepted keys");
        let position = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(position))
    }
}

impl ToTokens for Value {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Literal(sign, literal) => {
                sign.to_tokens(tokens);
                literal.to_tokens(tokens);
            }
            Self::List(bracket, items) => bracket.surround(tokens, |tokens| items.to_tokens(tokens)),
            Self::Type(ty) => ty.to_tokens(tokens),
        }
    }
}

/// Where a mistake in an entry is shown: at its value, if it has one.
impl ToTokens for Entry {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.value {
            Some(value) => value.to_tokens(tokens),
            None => self.key.to_tokens(tokens),
        }
    }
}

fn unknown(name: &str, accepted: &[&str]) -> String {
    let nearest = accepted
        .iter()
        .map(|key| (strsim::damerau_levenshtein(name, key), key))
        .min()
        .filter(|(distance, key)| *distance <= 1 + key.len() / 3);
    match accepted {
        [] => format!("unknown key `{name}`: this attribute takes no keys"),
        [only] => format!("unknown key `{name}`: the only key is `{only}`"),
        _ => {
            let list = accepted.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            match nearest {
                Some((_, key)) => format!("unknown key `{name}`, did you mean `{key}`? The keys are {list}"),
                None => format!("unknown key `{name}`: the keys are {list}"),
            }
        }
    }
}
