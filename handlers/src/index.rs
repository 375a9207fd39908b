//! The page at `/`: what is running.

use lambdio::prelude::*;
use std::fmt::Write;

/// Says what is running.
#[route(get = "/")]
async fn index(handlers: Handlers) -> Html {
    let mut rows = String::new();
    for line in handlers.listing() {
        let (serves, function) = (escape(&line.serves()), escape(line.function));
        let _ = writeln!(rows, "<tr><td><code>{serves}</code></td><td><code>{function}</code></td></tr>");
    }
    Html(PAGE.replace("{rows}", &rows))
}

/// What stands between tags.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Documents</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8884; }
</style>
<h1>Documents is running</h1>
<p>Clients connect with Socket.IO to the namespace <code>/documents</code>, after they have logged in over HTTP.</p>
<table>
<tr><th>Serves</th><th>Function</th></tr>
{rows}</table>
</html>
"#;
