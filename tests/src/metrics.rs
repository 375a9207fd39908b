//! What a server counts.

use std::collections::{BTreeMap, BTreeSet};

/// What a server counts, in the text format of Prometheus, and read.
#[derive(Debug, Clone)]
pub struct Metrics {
    text: String,
    kinds: BTreeMap<String, String>,
    series: Vec<Series>,
}

/// One line: a name, labels, a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The name, with `_bucket`, `_sum` or `_count` for parts of histograms.
    pub name: String,
    /// The labels with their values.
    pub labels: BTreeMap<String, String>,
    /// The value.
    pub value: f64,
}

impl Metrics {
    pub(crate) fn parse(text: &str) -> Self {
        let kinds = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
        let kinds = kinds.map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect();
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let series = lines.map(|line| Series::parse(line).unwrap_or_else(|| panic!("no series: {line}"))).collect();
        Self { text: text.to_owned(), kinds, series }
    }

    /// As the server sent it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The kind of each metric, by name.
    #[must_use]
    pub fn kinds(&self) -> &BTreeMap<String, String> {
        &self.kinds
    }

    /// Every series.
    #[must_use]
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// The sum of all series with this name and at least these labels; 0 where there are none.
    #[must_use]
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let has =
            |series: &Series, (name, value): &(&str, &str)| series.labels.get(*name).is_some_and(|has| has == value);
        let fits = |series: &&Series| series.name == name && labels.iter().all(|label| has(series, label));
        self.series.iter().filter(fits).map(|series| series.value).sum()
    }

    /// The values that a label has, wherever it is.
    #[must_use]
    pub fn values_of(&self, label: &str) -> BTreeSet<&str> {
        self.series.iter().filter_map(|series| series.labels.get(label)).map(String::as_str).collect()
    }
}

impl Series {
    /// `name{label="value",…} 1.5`. No value of a label in these tests has a quote in it.
    fn parse(line: &str) -> Option<Self> {
        let (series, value) = line.rsplit_once(' ')?;
        let (name, labels) = match series.split_once('{') {
            None => (series, ""),
            Some((name, labels)) => (name, labels.strip_suffix("\"}")?),
        };
        let labels = labels.split("\",").filter_map(|label| label.split_once("=\""));
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Some(Self { name: name.to_owned(), labels, value: value.parse().ok()? })
    }
}
