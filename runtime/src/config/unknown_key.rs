//! Keys that there are not, and what was probably meant.

use super::environment::{parts, variable};
use super::inspect::Inspection;
use super::misspelt::with_these_letters;
use super::nearest::nearest;
use super::problem::dotted;
use super::schema::Shape;
use super::tree::Node;
use super::{Origin, Problem};

/// More valid keys than this are not listed.
const LISTED_KEYS: usize = 16;

impl Inspection<'_> {
    /// Tells of an entry that has no place in `parent`, and that it must be taken out.
    pub(super) fn unknown(&mut self, node: &Node, parent: &Shape<'_>) -> bool {
        let mut origins = Vec::new();
        node.leaf_origins(&mut origins);
        let variables: Vec<_> =
            origins.into_iter().filter(|origin| matches!(origin, Origin::Environment { .. })).collect();
        let table_in_file = matches!(node.origin, Some(Origin::File { .. } | Origin::CommandLine));
        // within what a variable says; its name is right
        let is_within = |origin: &&Origin| match origin {
            Origin::Environment { variable } => parts(variable).is_some_and(|parts| parts.len() < self.path.len()),
            _ => false,
        };
        if table_in_file || variables.iter().any(is_within) || variables.is_empty() {
            let hint = self.hint(parent);
            let problem = Problem::of(self.path.clone(), node.origin.clone(), format!("unknown key{hint}"));
            self.problems.push(Problem { meant: self.suggestion(parent).unwrap_or_default(), ..problem });
            return false;
        }
        for origin in variables {
            let meant = self.meant_by(origin, parent);
            let hint = self.variable_hint(meant.as_deref(), parent);
            let problem = Problem::of(Vec::new(), Some(origin.clone()), format!("unknown variable{hint}"));
            self.problems.push(Problem { meant: meant.unwrap_or_default(), ..problem });
        }
        false
    }

    /// `; did you mean server.port?`, else the valid keys if they are few.
    fn hint(&self, parent: &Shape<'_>) -> String {
        if let Some(path) = self.suggestion(parent) {
            return format!("; did you mean {}?", dotted(&path));
        }
        let keys: Vec<_> = parent.keys().collect();
        if self.counts_sockets_of_none(parent) {
            return format!("; only events come from sockets; valid keys are {}", keys.join(", "));
        }
        if keys.is_empty() || keys.len() > LISTED_KEYS {
            return String::new();
        }
        format!("; valid keys are {}", keys.join(", "))
    }

    /// The key that a variable was probably meant for: one with the same letters, whose underscores are others, else one like
    /// it.
    fn meant_by(&self, origin: &Origin, parent: &Shape<'_>) -> Option<Vec<String>> {
        let Origin::Environment { variable: given } = origin else { return None };
        let base = self.path.get(..self.base).unwrap_or_default();
        with_these_letters(given, self.top.root(), base).or_else(|| {
            let below = parts(given).unwrap_or_default().into_iter().skip(self.path.len()).map(str::to_owned);
            Some(self.suggestion(parent)?.into_iter().chain(below).collect())
        })
    }

    fn variable_hint(&self, meant: Option<&[String]>, parent: &Shape<'_>) -> String {
        if let Some(path) = meant {
            return format!("; did you mean {}?", variable(path));
        }
        if self.path == ["profile"] {
            return "; did you mean LAMBDIO_PROFILE?".to_owned();
        }
        let above = self.path.split_last().map(|(_, above)| above).unwrap_or_default();
        let names: Vec<_> = parent.keys().map(|key| variable(&[above, &[key.to_owned()]].concat())).collect();
        if names.is_empty() || names.len() > LISTED_KEYS {
            return String::new();
        }
        format!("; valid variables begin with {}", names.join(", "))
    }

    /// Whether it is a limit for each socket in the place of one for clients, of whom nobody has a socket there.
    fn counts_sockets_of_none(&self, parent: &Shape<'_>) -> bool {
        self.path.last().is_some_and(|key| key == "per_socket") && parent.keys().any(|key| key == "per_address")
    }

    /// The key that was probably meant: one of the same name elsewhere, else one beside it with a similar name.
    fn suggestion(&self, parent: &Shape<'_>) -> Option<Vec<String>> {
        if self.counts_sockets_of_none(parent) {
            return None;
        }
        let (last, above) = self.path.split_last()?;
        let base = self.path.get(..self.base)?;
        if let Some(path) = self.top.elsewhere(last) {
            return Some([base, &path].concat());
        }
        nearest(last, parent.keys()).map(|near| [above, &[near.to_owned()]].concat())
    }
}
