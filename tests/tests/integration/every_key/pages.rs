//! `[pages]`.

use super::{Row, live, with};
use lambdio_tests::{Program, Response, Server, World};

pub(super) fn rows() -> Vec<Row> {
    vec![
        live(
            "pages.dir",
            |world| world.probe().file("one/index.html", "<p>one").file("two/index.html", "<p>two"),
            [with("pages.dir = \"one\"", "<p>one"), with("pages.dir = \"two\"", "<p>two")],
            async |server| get(server, "/").await.text,
        ),
        live(
            "pages.content_security_policy",
            pages,
            [
                with("pages.content_security_policy = \"default-src 'self'\"", "default-src 'self'"),
                with("pages.content_security_policy = \"default-src 'none'\"", "default-src 'none'"),
            ],
            async |server| header(&get(server, "/").await, "content-security-policy"),
        ),
        live(
            "pages.assets_max_age",
            pages,
            [
                with("pages.assets_max_age = \"1h\"", "public, max-age=3600, immutable"),
                with("pages.assets_max_age = \"0s\"", "no-cache"),
            ],
            async |server| header(&get(server, "/assets/app.js").await, "cache-control"),
        ),
    ]
}

/// A program with a page and an asset.
fn pages(world: &World) -> Program {
    world.probe().set("pages.dir=public").file("public/index.html", "<p>").file("public/assets/app.js", "// nothing")
}

async fn get(server: &Server, path: &str) -> Response {
    server.client("ada").await.get(path).await
}

fn header(response: &Response, name: &str) -> String {
    response.headers.get(name).cloned().unwrap_or_default()
}
