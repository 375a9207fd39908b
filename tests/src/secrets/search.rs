//! The search for all secrets at once.

use super::{Kind, forms};
use aho_corasick::{AhoCorasick, MatchKind};
use std::{collections::BTreeMap, fmt::Write as _};

/// What stands in place of a secret.
const BLOT: &str = "█████";

/// Finds every form of every secret.
pub(super) struct Search<'a> {
    /// The secret of each pattern.
    patterns: Vec<(&'a str, Kind)>,
    finder: AhoCorasick,
}

impl<'a> Search<'a> {
    pub fn for_all(secrets: &'a BTreeMap<String, Kind>) -> Self {
        let (mut patterns, mut written) = (Vec::new(), Vec::new());
        for (secret, kind) in secrets {
            let forms = forms::of(secret);
            patterns.extend(forms.iter().map(|_| (secret.as_str(), *kind)));
            written.extend(forms);
        }
        // hexadecimal digits and percent-encoding come in both cases
        let finder =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(true).build(written);
        Self { patterns, finder: finder.expect("the secrets of a test fit into an automaton") }
    }

    /// What the text tells of secrets that are not the reader's own: the kinds, and the text without the secrets.
    pub fn leak(&self, text: &str, own: &[String]) -> Option<String> {
        let (mut kinds, mut blotted, mut end) = (Vec::new(), String::new(), 0);
        for found in self.finder.find_iter(text) {
            let (secret, kind) = self.patterns[found.pattern().as_usize()];
            if !kinds.contains(&kind) && !own.iter().any(|own| own == secret) {
                kinds.push(kind);
            }
            let _ = write!(blotted, "{}{BLOT}", &text[end..found.start()]);
            end = found.end();
        }
        let kinds: Vec<String> = kinds.iter().map(Kind::to_string).collect();
        (!kinds.is_empty()).then(|| format!("{} in {blotted}{}", kinds.join(" and "), &text[end..]))
    }
}
