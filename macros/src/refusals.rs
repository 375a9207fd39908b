//! For tests of what is checked: what is possible, and why something is refused.

use proc_macro2::Span;
use syn::{Error, LitStr};

/// The words of the refusal, or nothing.
fn refusal<T>(check: impl Fn(&LitStr) -> Result<T, Error>, text: &str) -> String {
    check(&LitStr::new(text, Span::call_site())).err().map(|error| error.to_string()).unwrap_or_default()
}

/// Each text is possible.
pub(crate) fn assert_accepted<T>(check: impl Fn(&LitStr) -> Result<T, Error> + Copy, texts: &[&str]) {
    for text in texts {
        assert_eq!(refusal(check, text), "", "{text:?}");
    }
}

/// Each text is refused, for a reason that has these words.
pub(crate) fn assert_refused<T>(check: impl Fn(&LitStr) -> Result<T, Error> + Copy, texts: &[(&str, &str)]) {
    for (text, reason) in texts {
        let refusal = refusal(check, text);
        assert!(refusal.contains(reason), "{text:?}: {refusal:?} does not contain {reason:?}");
    }
}
