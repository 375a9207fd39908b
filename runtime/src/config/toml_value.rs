//! TOML values with their origins, as the layer crate keeps them.

use std::ops::Range;

use ::config::{Map, Value, ValueKind};
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

/// Tells the encoded origin of what stands at a range of bytes.
pub(super) type Locate<'l> = &'l dyn Fn(Range<usize>) -> Option<String>;

/// Takes the entries of a table. An entry's origin is that of its key.
pub(super) fn table(entries: &DeTable<'_>, locate: Locate<'_>) -> Map<String, Value> {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        (name.to_string(), Value::new(locate(key.span()).as_ref(), kind(value.get_ref(), locate)))
    };
    entries.iter().map(entry).collect()
}

/// Takes one value.
pub(super) fn kind(value: &DeValue<'_>, locate: Locate<'_>) -> ValueKind {
    match value {
        DeValue::String(text) => ValueKind::String(text.to_string()),
        DeValue::Integer(integer) => self::integer(integer),
        DeValue::Float(float) => float.as_str().parse().map_or(ValueKind::Nil, ValueKind::Float),
        DeValue::Boolean(value) => ValueKind::Boolean(*value),
        // No setting is a date; an application may take one from its text.
        DeValue::Datetime(datetime) => ValueKind::String(datetime.to_string()),
        DeValue::Array(items) => {
            let item =
                |item: &Spanned<DeValue<'_>>| Value::new(locate(item.span()).as_ref(), kind(item.get_ref(), locate));
            ValueKind::Array(items.iter().map(item).collect())
        }
        DeValue::Table(entries) => ValueKind::Table(table(entries, locate)),
    }
}

/// An integer that no setting can hold becomes a float, which no setting that wants an integer
/// accepts.
fn integer(integer: &DeInteger<'_>) -> ValueKind {
    let (digits, radix) = (integer.as_str(), integer.radix());
    if let Ok(value) = i64::from_str_radix(digits, radix) {
        ValueKind::I64(value)
    } else if let Ok(value) = u64::from_str_radix(digits, radix) {
        ValueKind::U64(value)
    } else {
        digits.parse().map_or(ValueKind::Nil, ValueKind::Float)
    }
}
