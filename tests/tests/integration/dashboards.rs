//! What is shown of metrics, and what alerts: the files in `deploy`.

use crate::metrics::metric_of;
use lambdio::Code;
use lambdio_tests::{Metrics, World, promtool, root, trials};
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write as _, fs, process::Command};

trials![
    what_the_dashboard_asks_for_can_be_asked_and_is_there,
    the_dashboard_says_which_server_it_means,
    each_panel_of_the_dashboard_is_another_one,
    labels_and_their_values_are_those_of_the_metrics,
    what_is_written_of_labels_has_them,
    alerts_ask_for_what_is_there,
    alerts_ring_when_they_should,
];

fn deployed(path: &str) -> String {
    fs::read_to_string(root().join("deploy").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Runs `promtool`, which has to be content.
fn check(arguments: [&str; 3]) {
    let said = Command::new(promtool()).args(arguments).output().expect("promtool");
    let texts = [said.stdout, said.stderr].concat();
    assert!(said.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&texts));
}

/// Everything in a text that looks like one of our metrics has to be one.
fn assert_metrics_exist(text: &str) {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let ours: Vec<&str> = words.filter(|word| word.starts_with("lambdio_") || word.starts_with("process_")).collect();
    assert!(!ours.is_empty(), "{text}");
    for word in ours {
        assert!(metric_of(word).is_some(), "{word} is no metric: {text}");
    }
}

/// A part of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    /// What stands in quotes.
    Text(&'a str),
    Mark(char),
}

fn tokens(expression: &str) -> Vec<Token<'_>> {
    let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let (mut tokens, mut rest) = (Vec::new(), expression.trim_start());
    while let Some(first) = rest.chars().next() {
        let length = match first {
            // no text has a quote in it
            '"' => rest[1..].find('"').expect("the other quote") + 2,
            _ if is_of_word(first) => rest.find(|letter: char| !is_of_word(letter)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        tokens.push(match first {
            '"' => Token::Text(part.trim_matches('"')),
            _ if is_of_word(first) => Token::Word(part),
            _ => Token::Mark(first),
        });
        rest = after.trim_start();
    }
    tokens
}

/// What an expression says of a label of a series: `outcome=~"internal|timeout"`.
struct Matcher<'a> {
    series: &'a str,
    label: &'a str,
    is_pattern: bool,
    value: &'a str,
}

fn matchers<'a>(tokens: &[Token<'a>]) -> Vec<Matcher<'a>> {
    let mut found = Vec::new();
    for (place, _) in tokens.iter().enumerate().filter(|(_, token)| **token == Token::Mark('{')) {
        let Some(Token::Word(series)) = place.checked_sub(1).map(|before| tokens[before]) else {
            panic!("braces belong to a series: {tokens:?}")
        };
        let length = tokens[place..].iter().position(|token| *token == Token::Mark('}')).expect("the other brace");
        for matcher in tokens[place + 1..place + length].split(|token| *token == Token::Mark(',')) {
            let &[Token::Word(label), ref operator @ .., Token::Text(value)] = matcher else {
                panic!("{matcher:?} says nothing of a label: {tokens:?}")
            };
            found.push(Matcher { series, label, is_pattern: operator.contains(&Token::Mark('~')), value });
        }
    }
    found
}

/// What an operator puts together, and by which labels: `sum by (outcome) (…)`.
struct Grouping<'t, 'a> {
    labels: Vec<&'a str>,
    /// Whether the labels are those that are left.
    keeps: bool,
    of: &'t [Token<'a>],
}

fn groupings<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<Grouping<'t, 'a>> {
    let mut found = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        match token {
            Token::Word(word @ ("by" | "without")) => {
                let end = closing(tokens, place + 1);
                let labels = words(&tokens[place + 1..end]).collect();
                found.push(Grouping { labels, keeps: *word == "by", of: &tokens[end + 1..closing(tokens, end + 1)] });
            }
            Token::Word(word @ ("on" | "ignoring")) => panic!("nothing looks at the labels of {word} yet: {tokens:?}"),
            _ => {}
        }
    }
    found
}

/// The place of the bracket that closes the one at this place.
fn closing(tokens: &[Token<'_>], opening: usize) -> usize {
    assert_eq!(tokens.get(opening), Some(&Token::Mark('(')), "sum by (…) (…) is what this can read: {tokens:?}");
    let mut depth = 0;
    for (place, token) in tokens.iter().enumerate().skip(opening) {
        match token {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return place;
        }
    }
    panic!("a bracket stays open: {tokens:?}")
}

fn words<'a>(tokens: &[Token<'a>]) -> impl Iterator<Item = &'a str> {
    tokens.iter().filter_map(|token| match token {
        Token::Word(word) => Some(*word),
        Token::Text(_) | Token::Mark(_) => None,
    })
}

/// The series that an expression asks for.
fn series<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let is_series = |word: &&str| *word == "up" || word.starts_with("lambdio_") || word.starts_with("process_");
    words(tokens).filter(is_series).collect()
}

/// The labels of a series, with those that Prometheus adds.
fn labels_of(series: &str) -> BTreeSet<&'static str> {
    let mut labels = BTreeSet::from(["instance", "job"]);
    if series != "up" {
        let metric = metric_of(series).unwrap_or_else(|| panic!("{series} is no metric"));
        labels.extend(metric.labels.iter().copied());
        labels.extend(series.ends_with("_bucket").then_some("le"));
    }
    labels
}

/// The labels of what comes out of an expression.
fn labels_left<'a>(tokens: &[Token<'a>]) -> BTreeSet<&'a str> {
    let has = |names: &[&str]| words(tokens).any(|word| names.contains(&word));
    let of_series = |tokens: &[Token<'a>]| {
        let labels = series(tokens).into_iter().map(labels_of).reduce(|left, right| &left & &right);
        labels.expect("a series")
    };
    let groupings = groupings(tokens);
    if groupings.is_empty() {
        // without labels, one number is left of all
        return if has(&["sum", "min", "max", "avg", "count"]) { BTreeSet::new() } else { of_series(tokens) };
    }
    let left = groupings.into_iter().map(|Grouping { labels, keeps, of }| {
        let named: BTreeSet<&str> = labels.into_iter().collect();
        if keeps { named } else { &of_series(of) - &named }
    });
    let mut left = left.reduce(|left, right| &left & &right).unwrap_or_default();
    if has(&["histogram_quantile"]) {
        left.remove("le");
    }
    left
}

/// Every label in an expression has to be one of the series that it is said of.
fn assert_labels_exist(expression: &str) {
    let tokens = tokens(expression);
    for Matcher { series, label, .. } in matchers(&tokens) {
        assert!(labels_of(series).contains(label), "{series} has no label {label}: {expression}");
    }
    for Grouping { labels, of, .. } in groupings(&tokens) {
        let grouped = series(of);
        assert!(!grouped.is_empty(), "{expression}");
        for series in grouped {
            let of_series = labels_of(series);
            for label in &labels {
                assert!(of_series.contains(label), "{series} has no label {label}: {expression}");
            }
        }
    }
}

/// The values that a label can have, where all of them are known. Some are there from the start of a server on.
fn known_values<'a>(series: &str, label: &str, at_start: &'a Metrics) -> Option<BTreeSet<&'a str>> {
    let codes = || ["ok", "error"].into_iter().chain(Code::ALL.iter().map(|code| code.as_str()));
    Some(match (series, label) {
        ("lambdio_events_total" | "lambdio_connects_total" | "lambdio_route_requests_total", "outcome") => {
            codes().collect()
        }
        ("lambdio_logins_total", "outcome") => codes().chain(["invalid_credentials", "account_disabled"]).collect(),
        ("lambdio_mongodb_commands_total", "outcome") => BTreeSet::from(["ok", "error"]),
        ("lambdio_config_reloads_total", "outcome") => BTreeSet::from(["changed", "unchanged", "refused"]),
        ("lambdio_http_requests_total", "status") => BTreeSet::from(["1xx", "2xx", "3xx", "4xx", "5xx"]),
        (_, "outcome" | "reason" | "transport") => {
            let shown = at_start.series().iter().filter(|shown| shown.name == series);
            shown.filter_map(|shown| shown.labels.get(label)).map(String::as_str).collect()
        }
        _ => return None,
    })
}

/// No expression asks for a value that a label never has.
fn assert_values_exist(expression: &str, at_start: &Metrics) {
    for Matcher { series, label, is_pattern, value } in matchers(&tokens(expression)) {
        let Some(known) = known_values(series, label, at_start) else { continue };
        let alternatives: Vec<&str> = if is_pattern { value.split('|').collect() } else { vec![value] };
        for alternative in alternatives {
            let is_known = match alternative.strip_suffix(".*").filter(|_| is_pattern) {
                Some(beginning) => known.iter().any(|known| known.starts_with(beginning)),
                None => known.contains(alternative),
            };
            assert!(is_known, "{label} of {series} is never {alternative}, but one of {known:?}: {expression}");
        }
    }
}

fn dashboard() -> Value {
    serde_json::from_str(&deployed("grafana/lambdio.json")).expect("the dashboard is JSON")
}

/// All panels, with those in rows that are closed.
fn panels(dashboard: &Value) -> Vec<&Value> {
    let panels = dashboard["panels"].as_array().expect("panels");
    let within = panels.iter().flat_map(|panel| panel["panels"].as_array().into_iter().flatten());
    panels.iter().chain(within).collect()
}

/// What a panel asks for.
struct Asked {
    title: String,
    expression: String,
    legend: String,
}

/// Everything that the dashboard asks for.
fn asked(dashboard: &Value) -> Vec<Asked> {
    let mut found = Vec::new();
    for panel in panels(dashboard) {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let text =
                |value: &Value| value.as_str().unwrap_or_else(|| panic!("a text is missing: {target}")).to_owned();
            let (expression, legend) = (text(&target["expr"]), text(&target["legendFormat"]));
            found.push(Asked { title: text(&panel["title"]), expression, legend });
        }
    }
    found
}

/// The name, the expression and the words of each alert.
fn alerts(rules: &str) -> Vec<(&str, &str, &str)> {
    let texts = rules.split("- alert: ").skip(1);
    let parts = texts.map(|text| {
        let (name, text) = text.split_once('\n').expect("a name");
        let (_, text) = text.split_once("expr:").expect("an expression");
        let ends = ["\n        for:", "\n        labels:"].into_iter().filter_map(|key| text.find(key));
        let (expression, words) = text.split_at(ends.min().expect("what stands behind it"));
        (name, expression.trim().trim_start_matches('|').trim_start(), words)
    });
    parts.collect()
}

async fn what_the_dashboard_asks_for_can_be_asked_and_is_there(world: World) {
    let all = asked(&dashboard());
    assert!(all.len() > 40, "{}", all.len());
    let mut rules = "groups:\n  - name: dashboard\n    rules:\n".to_owned();
    for (number, Asked { title, expression, .. }) in all.iter().enumerate() {
        assert_metrics_exist(expression);
        // as Grafana puts them in
        let asked = expression.replace("$__rate_interval", "1m").replace("$__range", "1h").replace("$instance", ".*");
        assert!(!asked.contains('$'), "{title}: {asked}");
        let asked = serde_json::to_string(&asked).expect("a text");
        write!(rules, "      - record: panel:{number}\n        expr: {asked}\n").expect("a text");
    }
    let file = world.dir().join("dashboard.yml");
    fs::write(&file, rules).expect("a file");
    check(["check", "rules", file.to_str().expect("a path in UTF-8")]);
}

async fn the_dashboard_says_which_server_it_means(world: World) {
    let dashboard = dashboard();
    assert_eq!(dashboard["uid"], "lambdio");
    let variables = dashboard["templating"]["list"].as_array().expect("variables");
    let names: Vec<_> = variables.iter().map(|variable| variable["name"].as_str()).collect();
    assert_eq!(names, [Some("datasource"), Some("instance")]);
    for Asked { title, expression, .. } in asked(&dashboard) {
        for Matcher { series, label, is_pattern, value } in matchers(&tokens(&expression)) {
            assert!(label != "instance" || (is_pattern && value == "$instance"), "{title}: {series}: {expression}");
        }
        let matched = matchers(&tokens(&expression)).iter().filter(|matcher| matcher.label == "instance").count();
        assert_eq!(matched, series(&tokens(&expression)).len(), "{title}: {expression}");
    }
    // which servers there are to choose from
    let query = variables[1]["query"]["query"].as_str().expect("a query");
    assert_eq!(variables[1]["definition"], query, "this is what Grafana shows of it");
    let arguments = query.strip_prefix("label_values(").and_then(|rest| rest.strip_suffix(')')).unwrap_or_default();
    let (metric, label) = arguments.split_once(", ").unwrap_or_else(|| panic!("{query}"));
    assert_eq!(label, "instance");
    let at_start = world.probe().await.metrics().await;
    assert!(at_start.series().iter().any(|shown| shown.name == metric), "{metric} is not there at the start");
}

async fn each_panel_of_the_dashboard_is_another_one(_: World) {
    let dashboard = dashboard();
    let panels = panels(&dashboard);
    let numbers: BTreeSet<u64> = panels.iter().filter_map(|panel| panel["id"].as_u64()).collect();
    assert_eq!(numbers.len(), panels.len(), "each has a number of its own");
    let (rows, others): (Vec<&Value>, Vec<&Value>) = panels.into_iter().partition(|panel| panel["type"] == "row");
    let rows: Vec<_> = rows.into_iter().filter_map(|row| row["title"].as_str()).collect();
    assert_eq!(rows, ["Overview", "Events", "Connections", "HTTP", "Log-ins", "MongoDB", "Process"]);
    let titles: BTreeSet<_> = others.iter().filter_map(|panel| panel["title"].as_str()).collect();
    assert_eq!(titles.len(), others.len(), "each has a title of its own");
    for panel in others {
        let targets = panel["targets"].as_array().expect("what it asks for");
        let names: BTreeSet<_> = targets.iter().filter_map(|target| target["refId"].as_str()).collect();
        assert!(!targets.is_empty() && names.len() == targets.len(), "{panel}");
        for asking in targets.iter().chain([panel]) {
            assert_eq!(asking["datasource"]["uid"], "${datasource}", "{panel}");
        }
    }
}

async fn labels_and_their_values_are_those_of_the_metrics(world: World) {
    let at_start = world.probe().await.metrics().await;
    let (rules, tests) = (deployed("prometheus/lambdio.rules.yml"), deployed("prometheus/lambdio.rules.test.yml"));
    let (asked, alerts) = (asked(&dashboard()), alerts(&rules));
    assert!(alerts.len() > 10, "{}", alerts.len());
    // what the alerts are tested with has to be what servers show
    let tested = tests.lines().filter_map(|line| line.trim().strip_prefix("- series: "));
    let expressions = asked.iter().map(|asked| asked.expression.as_str());
    for expression in expressions.chain(alerts.iter().map(|(_, expression, _)| *expression)).chain(tested) {
        assert_labels_exist(expression);
        assert_values_exist(expression, &at_start);
    }
}

async fn what_is_written_of_labels_has_them(_: World) {
    for Asked { title, expression, legend } in asked(&dashboard()) {
        let left = labels_left(&tokens(&expression));
        for label in legend.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()) {
            assert!(left.contains(label.trim()), "{title}: {label} is none of {left:?}: {expression}");
        }
    }
    let rules = deployed("prometheus/lambdio.rules.yml");
    for (name, expression, words) in alerts(&rules) {
        let left = labels_left(&tokens(expression));
        let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        for label in
            words.split("$labels.").skip(1).filter_map(|rest| rest.split(|letter: char| !is_of_word(letter)).next())
        {
            assert!(left.contains(label), "{name}: {label} is none of {left:?}: {expression}");
        }
    }
}

async fn alerts_ask_for_what_is_there(_: World) {
    let rules = deployed("prometheus/lambdio.rules.yml");
    assert_metrics_exist(&rules);
    let file = root().join("deploy/prometheus/lambdio.rules.yml");
    check(["check", "rules", file.to_str().expect("a path in UTF-8")]);
}

async fn alerts_ring_when_they_should(_: World) {
    let file = root().join("deploy/prometheus/lambdio.rules.test.yml");
    check(["test", "rules", file.to_str().expect("a path in UTF-8")]);
}
