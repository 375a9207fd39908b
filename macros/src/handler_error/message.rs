//! A message with placeholders: `{field}` and `{0}` stand for fields.

use proc_macro2::Ident;
use quote::format_ident;
use syn::{Error, Fields, LitStr, ext::IdentExt};

/// A message whose placeholders are known to name fields.
pub(super) struct Message {
    /// As the author wrote it.
    pub(super) written: LitStr,
    /// For `format!`, with the fields as [`binding`] names them; without placeholders the plain text.
    pub(super) format: LitStr,
    /// The positions of the fields that it names.
    pub(super) used: Vec<usize>,
}

/// The name of a field's value in generated code.
pub(super) fn binding(position: usize, message: &LitStr) -> Ident {
    format_ident!("field_{position}", span = message.span())
}

impl Message {
    pub(super) fn parse(message: LitStr, fields: &Fields) -> Result<Self, Error> {
        let names = names(fields);
        let wrong = |problem: String| Error::new(message.span(), problem);
        let (text, mut used) = (message.value(), Vec::new());
        let (mut format, mut plain) = (String::new(), String::new());
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            format.push_str(before);
            plain.push_str(before);
            if let Some((doubled, after)) = from.split_at_checked(2).filter(|(mark, _)| matches!(*mark, "{{" | "}}")) {
                format.push_str(doubled);
                plain.push_str(doubled.get(..1).unwrap_or_default());
                rest = after;
                continue;
            }
            let Some((inside, after)) = from.strip_prefix('{').and_then(|from| from.split_once('}')) else {
                return Err(wrong("a brace stands alone: write `{{` or `}}` for the sign itself".to_owned()));
            };
            let (name, style) = inside.split_once(':').unwrap_or((inside, ""));
            let Some(position) = names.iter().position(|field| field == name.trim()) else {
                return Err(wrong(format!("`{{{name}}}` is no field of this variant{}", list(&names))));
            };
            let colon = if style.is_empty() { "" } else { ":" };
            let bound = format!("{{{}{colon}{style}}}", binding(position, &message));
            format.push_str(&bound);
            used.push(position);
            rest = after;
        }
        let text = if used.is_empty() { plain + rest } else { format + rest };
        let format = LitStr::new(&text, message.span());
        Ok(Self { written: message, format, used })
    }
}

/// The fields' names; those of a tuple variant are numbers.
fn names(fields: &Fields) -> Vec<String> {
    let name = |(position, field): (usize, &syn::Field)| match &field.ident {
        Some(name) => name.unraw().to_string(),
        None => position.to_string(),
    };
    fields.iter().enumerate().map(name).collect()
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        return ", which has none".to_owned();
    }
    let names: Vec<_> = names.iter().map(|name| format!("`{{{name}}}`")).collect();
    format!(": there is {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::Span;
    use syn::parse_quote;

    fn parse(text: &str) -> Result<(String, Vec<usize>), String> {
        let fields = Fields::Named(parse_quote!({ revision: i64, r#type: String }));
        Message::parse(LitStr::new(text, Span::call_site()), &fields)
            .map(|message| (message.format.value(), message.used))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn placeholders_become_bindings() {
        assert_eq!(parse("at {revision}, {type:?}"), Ok(("at {field_0}, {field_1:?}".to_owned(), vec![0, 1])));
    }

    #[test]
    fn doubled_braces_are_signs() {
        assert_eq!(parse("{{a}}"), Ok(("{a}".to_owned(), vec![])));
        assert_eq!(parse("{{a}} {revision}"), Ok(("{{a}} {field_0}".to_owned(), vec![0])));
    }

    #[test]
    fn what_is_no_field_is_refused_with_what_there_is() {
        assert_eq!(parse("{a}"), Err("`{a}` is no field of this variant: there is `{revision}`, `{type}`".to_owned()));
        assert!(parse("{}").is_err());
        assert!(parse("{revision").is_err());
        assert!(parse("a } b").is_err());
    }
}
