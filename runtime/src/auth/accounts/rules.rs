//! What can be a name, and what a password.

use super::AccountError;
use unicode_normalization::UnicodeNormalization;

/// Characters of a name.
const NAME: std::ops::RangeInclusive<usize> = 1..=64;
/// Most bytes that are looked at: a name of 64 characters is never longer.
const LONGEST_NAME: usize = 1024;
/// Fewest characters of a password (NIST SP 800-63B, section 3.1.1.2; OWASP ASVS 5, 6.2.1).
const PASSWORD_CHARACTERS: usize = 8;
/// Most bytes of a password: bcrypt reads 72 and ends each with a NUL.
const PASSWORD_BYTES: usize = 71;

/// Fillers of Hangul syllables: letters to Unicode, and nothing to be seen.
const FILLERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];

/// A name in its stored form, NFC (UAX #15): letters and digits of any script, and a few marks between them. What cannot be
/// seen cannot make two names look alike; letters of two scripts that look alike can.
pub(super) fn name(written: &str) -> Result<String, AccountError> {
    if written.len() > LONGEST_NAME {
        return Err(AccountError::Name);
    }
    let name: String = written.nfc().collect();
    let is_mark = |c: char| ".-_' ".contains(c);
    let fits = NAME.contains(&name.chars().count())
        && name.chars().all(|c| is_mark(c) || (c.is_alphanumeric() && !FILLERS.contains(&c)))
        && !name.contains("  ")
        && !name.starts_with(is_mark)
        && !name.ends_with(is_mark);
    if fits { Ok(name) } else { Err(AccountError::Name) }
}

/// What makes a name unique: NFKC in lower case, so that neither case nor width makes another one. Of what cannot be a name,
/// something that nobody has.
pub(super) fn key(name: &str) -> String {
    if name.len() > LONGEST_NAME {
        return String::new();
    }
    // lower case of what was composed may want to be composed again
    name.nfkc().collect::<String>().to_lowercase().nfkc().collect()
}

/// Whether a password is one that an account may have.
pub(super) fn check_password(password: &str) -> Result<(), AccountError> {
    if password.contains('\0') {
        Err(AccountError::NulPassword)
    } else if password.len() > PASSWORD_BYTES {
        Err(AccountError::LongPassword)
    } else if password.chars().count() < PASSWORD_CHARACTERS {
        Err(AccountError::ShortPassword)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_read_alike_are_one() {
        for (one, other) in [("Ada", "aDA"), ("\u{e9}va", "e\u{301}VA"), ("Ａｄａ", "ada"), ("ſam", "Sam")] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        assert_ne!(key("Ada"), key("Adam"));
        assert_eq!(name("e\u{301}va").unwrap(), "\u{e9}va");
    }

    #[test]
    fn what_cannot_be_seen_is_no_name() {
        for text in
            ["", " ada", "ada ", "a\u{200b}da", "a\0da", "ada\n", "\u{202e}ada", "a/da", "a  da", &"x".repeat(65)]
        {
            assert!(name(text).is_err(), "{text:?}");
        }
        for filler in FILLERS {
            assert!(name(&format!("a{filler}da")).is_err(), "{filler:?}");
        }
        assert!(name("Zoë O'Neil-Ng_2").is_ok());
    }

    #[test]
    fn passwords_have_eight_characters_and_seventy_one_bytes() {
        assert!(check_password("1234567").is_err());
        assert!(check_password("12345678").is_ok());
        assert!(check_password(&"x".repeat(71)).is_ok());
        assert!(check_password(&"x".repeat(72)).is_err());
        assert!(check_password(&"ä".repeat(36)).is_err());
        assert!(check_password("with\0a nul").is_err());
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_itself(text in ".{0,80}") {
            prop_assert_eq!(key(&key(&text)), key(&text));
        }
    }
}
