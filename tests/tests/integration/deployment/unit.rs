//! A unit of systemd, as far as ours goes (systemd.syntax(7), systemd.exec(5)).

use std::path::Path;

/// The settings of a unit, in their order.
pub(super) struct Unit(Vec<(String, String)>);

impl Unit {
    /// Reads a unit that has no continued lines.
    pub(super) fn read(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with(['#', '[']));
        Self(lines.filter_map(|line| line.split_once('=')).map(|(key, value)| (key.into(), value.into())).collect())
    }

    /// All values of a key, each as its words.
    pub(super) fn all(&self, key: &str) -> Vec<Vec<String>> {
        self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| words(value)).collect()
    }

    /// The words of the one value of a key.
    pub(super) fn one(&self, key: &str) -> Vec<String> {
        match <[_; 1]>::try_from(self.all(key)) {
            Ok([words]) => words,
            Err(values) => panic!("the unit has {} values of {key}", values.len()),
        }
    }

    /// What it sets in the environment, with the folder of its credentials.
    pub(super) fn environment(&self, credentials: &Path) -> Vec<(String, String)> {
        let settings = self.all("Environment").concat();
        let expanded = settings.into_iter().map(|setting| setting.replace("%d", &credentials.display().to_string()));
        expanded
            .filter_map(|setting| setting.split_once('=').map(|(name, value)| (name.into(), value.into())))
            .collect()
    }
}

/// The lines `NAME=VALUE` of an `EnvironmentFile`.
pub(super) fn environment_file(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect()
}

/// Words between blanks; quotes keep blanks, and each other.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut open, mut quote) = (Vec::new(), false, None);
    for letter in text.chars() {
        match (quote, letter) {
            (Some(end), _) if letter == end => quote = None,
            (None, '\'' | '"') => (open, quote) = begin(&mut words, open, Some(letter)),
            (None, ' ') => open = false,
            _ => {
                (open, _) = begin(&mut words, open, quote);
                words.last_mut().expect("one was begun").push(letter);
            }
        }
    }
    words
}

/// Begins a word unless one is open already.
fn begin(words: &mut Vec<String>, open: bool, quote: Option<char>) -> (bool, Option<char>) {
    if !open {
        words.push(String::new());
    }
    (true, quote)
}
