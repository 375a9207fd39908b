//! What is shown of metrics, and what alerts: the files in `deploy`.

use lambdio::metrics::{CATALOGUE, Kind};
use lambdio_tests::{World, promtool, root, trials};
use serde_json::Value;
use std::{fmt::Write as _, fs, process::Command};

trials![
    what_the_dashboard_asks_for_can_be_asked_and_is_there,
    the_dashboard_says_which_server_it_means,
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
        let is = CATALOGUE.iter().any(|metric| match (metric.kind, word.strip_prefix(metric.name)) {
            (Kind::Histogram, Some(part)) => ["_bucket", "_sum", "_count"].contains(&part),
            (_, rest) => rest == Some(""),
        });
        assert!(is, "{word} is no metric: {text}");
    }
}

fn dashboard() -> Value {
    serde_json::from_str(&deployed("grafana/lambdio.json")).expect("the dashboard is JSON")
}

/// Every expression of the dashboard, with the title of its panel.
fn expressions(dashboard: &Value) -> Vec<(String, String)> {
    let panels = dashboard["panels"].as_array().expect("panels");
    let mut found = Vec::new();
    for panel in panels {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let expression = target["expr"].as_str().expect("an expression").to_owned();
            found.push((panel["title"].as_str().expect("a title").to_owned(), expression));
        }
    }
    found
}

async fn what_the_dashboard_asks_for_can_be_asked_and_is_there(world: World) {
    let expressions = expressions(&dashboard());
    assert!(expressions.len() > 40, "{}", expressions.len());
    let mut rules = "groups:\n  - name: dashboard\n    rules:\n".to_owned();
    for (number, (title, expression)) in expressions.iter().enumerate() {
        assert_metrics_exist(expression);
        // as Grafana puts them in
        let asked = expression.replace("$__rate_interval", "1m").replace("$instance", ".*");
        assert!(!asked.contains('$'), "{title}: {asked}");
        let asked = serde_json::to_string(&asked).expect("a text");
        write!(rules, "      - record: panel:{number}\n        expr: {asked}\n").expect("a text");
    }
    let file = world.dir().join("dashboard.yml");
    fs::write(&file, rules).expect("a file");
    check(["check", "rules", file.to_str().expect("a path in UTF-8")]);
}

async fn the_dashboard_says_which_server_it_means(_: World) {
    let dashboard = dashboard();
    assert_eq!(dashboard["uid"], "lambdio");
    let variables: Vec<&str> = dashboard["templating"]["list"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|variable| variable["name"].as_str())
        .collect();
    assert_eq!(variables, ["datasource", "instance"]);
    for (title, expression) in expressions(&dashboard) {
        assert!(expression.contains("instance=~\"$instance\""), "{title}: {expression}");
    }
    let panels = dashboard["panels"].as_array().expect("panels");
    let mut numbers: Vec<_> = panels.iter().map(|panel| panel["id"].as_u64()).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), panels.len(), "each panel has a number of its own");
    let rows = panels.iter().filter(|panel| panel["type"] == "row");
    let rows: Vec<_> = rows.filter_map(|row| row["title"].as_str()).collect();
    assert_eq!(rows, ["Overview", "Events", "Connections", "HTTP", "Log-ins", "MongoDB", "Process"]);
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
