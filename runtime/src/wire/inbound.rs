//! From a packet's arguments to a value.
//!
//! The stock decoding takes tuples and newtypes for several arguments, and has none for a missing one. Here the type of
//! the extractor decides: `Data` is the first argument whatever its shape, `Args` is all of them.

use super::attachments;
use crate::error::{Code, Error};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, SeqAccess, Visitor},
};
use socketioxide::handler::Value;
use std::{collections::VecDeque, fmt, marker::PhantomData};

/// What a payload does not fit, for the client: where, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Misfit {
    /// Path of the field within the arguments, such as `[0].text`.
    pub path: String,
    /// What was found and what is expected.
    pub reason: String,
}

/// Stands between path and reason in the text of a traced error: the parser hands errors on as text only.
const SEPARATOR: char = '\u{1f}';

impl Misfit {
    /// What a decoder of whole values says: of a body, of the handshake's `auth`.
    pub fn at<E: fmt::Display>(place: &str, error: serde_path_to_error::Error<E>) -> Self {
        let path = match error.path().to_string().as_str() {
            "." => place.to_owned(),
            path if place.is_empty() => path.to_owned(),
            path => format!("{place}.{path}"),
        };
        Self { path, ..Self::from_text(&error.into_inner().to_string()) }
    }

    /// What has no path of its own: a query, a path's parameters.
    pub fn of(place: &str, reason: &str) -> Self {
        Self { path: place.to_owned(), ..Self::from_text(reason) }
    }

    /// Reads the text of a traced error.
    pub fn from_text(text: &str) -> Self {
        let (path, reason) = text.split_once(SEPARATOR).unwrap_or(("", text));
        Self { path: path.to_owned(), reason: short(without_type_names(without_position(reason))) }
    }
}

impl From<Misfit> for Error {
    fn from(misfit: Misfit) -> Self {
        Self::new(Code::InvalidPayload).with_details(misfit)
    }
}

/// Longest reason, in characters: it may quote what the client sent.
const MOST: usize = 300;

fn short(reason: String) -> String {
    match reason.char_indices().nth(MOST) {
        None => reason,
        Some((end, _)) => format!("{}…", reason.get(..end).unwrap_or_default()),
    }
}

/// The position belongs to the raw packet, which the client's author never sees. It is the end of the text; the same words
/// before that are the client's own, quoted.
fn without_position(reason: &str) -> &str {
    let is_position = |text: &str| text.chars().all(|letter| letter.is_ascii_digit() || " column".contains(letter));
    reason.rsplit_once(" at line ").filter(|(_, end)| is_position(end)).map_or(reason, |(reason, _)| reason)
}

/// Says "an object" for "struct Edit": the names of our types mean nothing to clients.
fn without_type_names(reason: &str) -> String {
    const KINDS: [(&str, &str); 6] = [
        ("tuple struct ", "an array"),
        ("unit struct ", "null"),
        ("struct ", "an object"),
        ("internally tagged enum ", "an object"),
        ("adjacently tagged enum ", "an object"),
        ("enum ", "one of the variants"),
    ];
    let Some((found, expected)) = reason.rsplit_once("expected ") else { return reason.to_owned() };
    for (kind, plain) in KINDS {
        if let Some(rest) = expected.strip_prefix(kind) {
            let rest = rest.split_once(' ').map(|(_, rest)| format!(" {rest}")).unwrap_or_default();
            return format!("{found}expected {plain}{rest}");
        }
    }
    reason.to_owned()
}

/// Something that is built from the arguments of an event.
pub(crate) trait FromArguments: Sized {
    /// Takes what it needs; the rest is ignored by the caller. With `trace` errors say where they are, at a price.
    fn from_arguments<'de, A: SeqAccess<'de>>(arguments: &mut A, trace: bool) -> Result<Self, A::Error>;
}

/// The first argument, whatever its shape; a missing one is null.
pub(crate) struct First<T>(pub T);

impl<T: DeserializeOwned> FromArguments for First<T> {
    fn from_arguments<'de, A: SeqAccess<'de>>(arguments: &mut A, trace: bool) -> Result<Self, A::Error> {
        next_or_null(arguments, 0, trace).map(First)
    }
}

/// Decodes the arguments of an event, which follow its name.
pub(crate) fn decode_event<T: FromArguments>(packet: &Value, trace: bool) -> Result<T, serde_json::Error> {
    let text = packet.as_str().map_or("[]", |text| text.as_str());
    let none = VecDeque::new();
    let attachments = match packet {
        Value::Str(_, Some(attachments)) => attachments,
        _ => &none,
    };
    let seed = Arguments { skip: 1, trace, value: PhantomData };
    attachments::with(attachments, || seed.deserialize(&mut serde_json::Deserializer::from_str(text)))
}

/// Takes a list of arguments, after skipping some.
pub(super) struct Arguments<T> {
    skip: usize,
    trace: bool,
    value: PhantomData<T>,
}

impl<T> Arguments<T> {
    /// Those of an acknowledgement, which has no name before them.
    pub fn of_ack() -> Self {
        Self { skip: 0, trace: false, value: PhantomData }
    }
}

impl<'de, T: FromArguments> DeserializeSeed<'de> for Arguments<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: FromArguments> Visitor<'de> for Arguments<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the event's arguments")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut arguments: A) -> Result<T, A::Error> {
        for _ in 0..self.skip {
            arguments.next_element::<IgnoredAny>()?;
        }
        let value = T::from_arguments(&mut arguments, self.trace)?;
        while arguments.next_element::<IgnoredAny>()?.is_some() {}
        Ok(value)
    }
}

/// The next argument, if there is one.
pub(crate) fn next<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
    arguments: &mut A,
    position: usize,
    trace: bool,
) -> Result<Option<T>, A::Error> {
    if trace { arguments.next_element_seed(Traced { position, value: PhantomData }) } else { arguments.next_element() }
}

/// The next argument; a missing one is null.
pub(crate) fn next_or_null<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
    arguments: &mut A,
    position: usize,
    trace: bool,
) -> Result<T, A::Error> {
    match next(arguments, position, trace)? {
        Some(value) => Ok(value),
        None => T::deserialize(serde_json::Value::Null)
            .map_err(|_| A::Error::custom(format_args!("[{position}]{SEPARATOR}this argument is missing"))),
    }
}

/// Decodes a value and says in the error where it does not fit.
struct Traced<T> {
    position: usize,
    value: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Traced<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            let position = self.position;
            let path = match error.path().to_string().as_str() {
                "." => format!("[{position}]"),
                path if path.starts_with('[') => format!("[{position}]{path}"),
                path => format!("[{position}].{path}"),
            };
            D::Error::custom(format_args!("{path}{SEPARATOR}{}", error.into_inner()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Misfit;

    #[test]
    fn a_misfit_names_the_path_and_no_type_of_ours() {
        let text = "[0].text\u{1f}invalid type: integer `5`, expected struct Edit with 2 elements at line 1 column 9";
        let misfit = Misfit::from_text(text);
        assert_eq!(misfit.path, "[0].text");
        assert_eq!(misfit.reason, "invalid type: integer `5`, expected an object with 2 elements");
        assert_eq!(Misfit::from_text("missing field `id`").reason, "missing field `id`");
    }

    #[test]
    fn what_a_client_wrote_is_quoted_as_it_is() {
        let quoted = r#"invalid type: string "expected struct Edit at line 7", expected a sequence"#;
        assert_eq!(Misfit::from_text(&format!("[0]\u{1f}{quoted} at line 1 column 9")).reason, quoted);
    }
}
