//! The header `Forwarded` (RFC 7239): `for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"`.

/// The value of `for` in each entry, without its quotes; `None` where it cannot be read.
///
/// Obfuscated names such as `_hidden`, and `unknown`, are given as they stand: they are no addresses.
pub(super) fn clients(line: &str) -> std::vec::IntoIter<Option<&str>> {
    match split(line, ',') {
        Some(entries) => entries.into_iter().map(client).collect::<Vec<_>>(),
        None => vec![None],
    }
    .into_iter()
}

fn client(entry: &str) -> Option<&str> {
    let mut values = split(entry, ';')?.into_iter().filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value)
    });
    match (values.next(), values.next()) {
        (Some(value), None) => unquote(value.trim()),
        // each parameter may stand there once (section 4)
        _ => None,
    }
}

/// An address needs no escapes, so a value that has some is none.
fn unquote(value: &str) -> Option<&str> {
    let inner = match value.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => value,
    };
    (!inner.contains(['"', '\\'])).then_some(inner)
}

/// Splits where no quotes are open; `None` if they stay open.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut quoted, mut escaped) = (false, false);
    let parts = text
        .split(|c: char| {
            let was_escaped = std::mem::replace(&mut escaped, false);
            match c {
                '\\' if quoted && !was_escaped => escaped = true,
                '"' if !was_escaped => quoted = !quoted,
                _ => {}
            }
            c == separator && !quoted
        })
        .collect();
    (!quoted).then_some(parts)
}
