//! How something ended, as a label.

use crate::error::{Code, Error};

/// `ok`, each code, and `error`.
pub(super) const OUTCOMES: usize = Code::ALL.len() + 2;

/// The place of an outcome among all, and its name: `ok`, one of the runtime's codes, or `error` for a code of the author's own.
pub(super) fn outcome(failure: Option<&Error>) -> (usize, &'static str) {
    let Some(error) = failure else { return (0, "ok") };
    let known = Code::ALL.iter().position(|code| error.is(*code));
    let named = known.and_then(|place| Some((place, Code::ALL.get(place)?)));
    named.map_or((OUTCOMES - 1, "error"), |(place, code)| (place + 1, code.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_a_place_of_its_own() {
        let mut places = vec![outcome(None), outcome(Some(&Error::with_code("author_s_own", 400, "")))];
        places.extend(Code::ALL.iter().map(|code| outcome(Some(&Error::new(*code)))));
        assert_eq!(places.len(), OUTCOMES);
        places.sort_unstable();
        places.dedup_by_key(|(place, _)| *place);
        assert_eq!(places.len(), OUTCOMES);
    }
}
