//! How a duration is written, for the parser and for editors: both take the same.

/// The units, as the crate that computes with them knows them, but for `M`, its months: most often minutes are meant.
const UNITS: [&str; 36] = [
    "usec", "us", "µs", "millis", "msec", "ms", "seconds", "second", "secs", "sec", "s", "minutes", "minute", "mins",
    "min", "m", "hours", "hour", "hrs", "hr", "h", "days", "day", "d", "weeks", "week", "wks", "wk", "w", "months",
    "month", "years", "year", "yrs", "yr", "y",
];

/// The units that have no fractions: nothing shorter is known.
const SHORTEST: [&str; 3] = ["nanos", "nsec", "ns"];

/// For a JSON Schema. How large a number may be, it does not say.
pub(super) fn pattern() -> String {
    const SPACE: &str = r"[ \t\n\f\r]*";
    let (units, shortest) = (UNITS.join("|"), SHORTEST.join("|"));
    format!(r"^{SPACE}(0|([0-9]+((\.[0-9]+)?{SPACE}({units})|{SPACE}({shortest})){SPACE})+){SPACE}$")
}

/// Whether a text without white space around it has the form; else what is wrong.
pub(super) fn check(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.starts_with('-') {
        return Err("it cannot be negative".to_owned());
    }
    let mut rest = text;
    while !rest.is_empty() && text != "0" {
        let (number, behind) = split(rest, |c| c.is_ascii_digit());
        if number.is_empty() {
            return Err(format!("a number has to stand before {rest:?}"));
        }
        let (fraction, behind) = match behind.strip_prefix('.').map(|behind| split(behind, |c| c.is_ascii_digit())) {
            Some(("", _)) => return Err(format!("digits have to stand after \"{number}.\"")),
            Some(fraction_and_behind) => fraction_and_behind,
            None => ("", behind),
        };
        let (unit, others) = split(behind.trim_ascii_start(), char::is_alphabetic);
        check_unit(number, unit)?;
        if !fraction.is_empty() && SHORTEST.contains(&unit) {
            return Err(format!("{unit} are the shortest there is, and have no fractions"));
        }
        rest = others.trim_ascii_start();
    }
    Ok(())
}

fn check_unit(number: &str, unit: &str) -> Result<(), String> {
    match unit {
        "" => Err(format!("a unit has to stand after {number}, as in \"{number}s\" or \"{number}min\"")),
        "M" => Err("M would be months; minutes are m or min, and for months there are days".to_owned()),
        unit if UNITS.contains(&unit) || SHORTEST.contains(&unit) => Ok(()),
        unit => Err(format!("{unit:?} is no unit; units are ns, us, ms, s, min, h, days and weeks")),
    }
}

/// What a text begins with, and the rest.
fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::{SHORTEST, UNITS, check};

    #[test]
    fn every_unit_is_known_to_the_parser_too() {
        for unit in UNITS.into_iter().chain(SHORTEST) {
            humantime::parse_duration(&format!("1{unit}")).expect(unit);
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        for (text, said) in [
            ("-1s", "it cannot be negative"),
            ("", "it is empty"),
            ("5", "a unit has to stand after 5, as in \"5s\" or \"5min\""),
            ("1h 30", "a unit has to stand after 30, as in \"30s\" or \"30min\""),
            ("1 30m", "a unit has to stand after 1, as in \"1s\" or \"1min\""),
            ("soon", "a number has to stand before \"soon\""),
            ("1.s", "digits have to stand after \"1.\""),
            ("1.5ns", "ns are the shortest there is, and have no fractions"),
            ("5 parsecs", "\"parsecs\" is no unit; units are ns, us, ms, s, min, h, days and weeks"),
            ("1h, 2m", "a number has to stand before \", 2m\""),
        ] {
            assert_eq!(check(text), Err(said.to_owned()), "{text:?}");
        }
        for text in ["0", "0s", "1.5s", "500 µs", "1h30m", "1h 30min", "2 months"] {
            assert_eq!(check(text), Ok(()), "{text:?}");
        }
    }
}
