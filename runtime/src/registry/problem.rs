//! What is wrong with what is registered.

use std::fmt;

/// Everything that is wrong with what is registered, each with file and line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl Problems {
    /// `Ok` if there is none.
    pub(crate) fn check(mut problems: Vec<String>) -> Result<(), Self> {
        problems.sort_by(|one, other| place(one).cmp(&place(other)));
        problems.dedup();
        if problems.is_empty() { Ok(()) } else { Err(Self(problems)) }
    }

    /// One sentence a problem.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl std::error::Error for Problems {}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "handlers: {count} problem{}", if count == 1 { "" } else { "s" })?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

/// What a problem begins with, its file and line, and the rest: line 9 comes before line 10.
fn place(problem: &str) -> (&str, u32, &str) {
    let place = problem.split_once(':').and_then(|(file, rest)| {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        Some((file, rest.get(..end)?.parse().ok()?, rest))
    });
    place.unwrap_or((problem, 0, ""))
}

#[cfg(test)]
mod tests {
    use super::Problems;

    #[test]
    fn problems_stand_in_the_order_of_files_and_lines() {
        let lines =
            ["b.rs:1 (f): x", "a.toml:10: y", "a.toml:9: z", "no place", "a.toml:10: x", "no place", "a.toml:100: x"];
        let problems = Problems::check(lines.map(str::to_owned).to_vec()).expect_err("problems");
        assert_eq!(
            problems.iter().collect::<Vec<_>>(),
            ["a.toml:9: z", "a.toml:10: x", "a.toml:10: y", "a.toml:100: x", "b.rs:1 (f): x", "no place"]
        );
    }
}
