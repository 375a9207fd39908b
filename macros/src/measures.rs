//! Which deadlines and sizes are possible.

use syn::{Error, LitStr};

/// A deadline in human form, in milliseconds.
pub(crate) fn check_timeout(timeout: &LitStr) -> Result<u64, Error> {
    let problem = match humantime::parse_duration(&timeout.value()) {
        Ok(time) => match u64::try_from(time.as_millis()) {
            Ok(0) => "a deadline is one millisecond or longer".to_owned(),
            Ok(milliseconds) => return Ok(milliseconds),
            Err(_) => "this deadline is too long".to_owned(),
        },
        Err(error) => format!("a deadline reads like \"2s\" or \"500ms\": {error}"),
    };
    Err(Error::new(timeout.span(), problem))
}

/// A size in human form, in bytes.
pub(crate) fn check_size(size: &LitStr) -> Result<usize, Error> {
    const UNITS: [(&str, usize); 5] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("kB", 1_000), ("MB", 1_000_000), ("B", 1)];
    let text = size.value();
    let known = UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, *factor)));
    let bytes = known.and_then(|(number, factor)| number.trim_end().parse::<usize>().ok()?.checked_mul(factor));
    match bytes {
        Some(0) => Err(Error::new(size.span(), "a size is one byte or more")),
        Some(bytes) => Ok(bytes),
        None => Err(Error::new(size.span(), "a size reads like \"64KiB\" or \"1MiB\" (units B, kB, KiB, MB, MiB)")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusals::assert_refused;
    use proc_macro2::Span;

    #[test]
    fn timeouts() {
        let milliseconds = |text| check_timeout(&LitStr::new(text, Span::call_site())).ok();
        assert_eq!(milliseconds("2s"), Some(2_000));
        assert_eq!(milliseconds("500ms"), Some(500));
        assert_eq!(milliseconds("1m 30s"), Some(90_000));
        assert_refused(
            check_timeout,
            &[
                ("", "reads like"),
                ("2", "reads like"),
                ("soon", "reads like"),
                ("0s", "one millisecond"),
                ("999us", "one millisecond"),
            ],
        );
    }

    #[test]
    fn sizes() {
        let bytes = |text| check_size(&LitStr::new(text, Span::call_site())).ok();
        assert_eq!(bytes("64KiB"), Some(65_536));
        assert_eq!(bytes("1 MB"), Some(1_000_000));
        assert_eq!(bytes("5B"), Some(5));
        assert_refused(
            check_size,
            &[("", "reads like"), ("64", "reads like"), ("0KiB", "one byte"), ("1TB", "reads like")],
        );
    }
}
