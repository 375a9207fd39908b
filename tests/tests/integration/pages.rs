//! Static files: what is served, to whom, and what is not.

use lambdio_tests::{Client, PATIENCE, Program, Response, Server, World, trials};
use serde_json::json;
use std::{fs, os::unix::fs::symlink, path::Path};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

trials![
    addresses_lead_to_files,
    files_say_what_they_are,
    every_answer_keeps_its_page_in_its_place,
    the_policy_is_a_setting,
    routes_win_over_files_and_files_over_the_router,
    people_who_are_lost_get_a_page_and_programs_an_error,
    a_router_s_empty_404_becomes_the_page,
    without_a_page_for_it_everybody_gets_the_error,
    a_page_is_sent_again_only_if_it_has_changed,
    assets_are_kept_and_pages_are_not,
    text_is_compressed_for_those_who_like_that,
    a_head_is_that_of_the_page,
    a_part_of_a_file_can_be_asked_for,
    pages_are_read_and_nothing_else,
    nothing_outside_the_folder_is_served,
    links_lead_to_files_in_the_folder_only,
    folders_are_not_listed_and_hidden_files_not_served,
    pages_of_other_origins_read_nothing,
    answers_of_routes_are_taken_for_what_they_say,
    a_folder_that_is_not_there_is_told_at_start,
    a_policy_that_browsers_would_not_understand_is_told_at_start,
];

const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// What a browser sends where somebody opens a page.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

const SECRET: &str = "not for everybody";

/// Lines that compress well.
fn script() -> String {
    "console.log('a line like all others');\n".repeat(200)
}

/// A folder with pages.
fn with_pages(program: Program) -> Program {
    program
        .set("pages.dir=public")
        .file("public/index.html", "<title>Home</title>")
        .file("public/login.html", "<title>Log in</title>")
        .file("public/404.html", "<title>Not found</title>")
        .file("public/guide/index.html", "<title>Guide</title>")
        .file("public/guide/first steps.html", "<title>First steps</title>")
        .file("public/assets/app-1A2B.js", &script())
        .file("public/assets/picture.png", &script())
        .file("public/assets/small.css", "body { color: #123; }")
        .file("public/.env", SECRET)
        .file("public/.well/hidden.txt", SECRET)
        .file("outside.txt", SECRET)
        .file("public-too/outside.txt", SECRET)
}

/// One that has routes, and no router of axum's.
async fn pages(world: &World) -> (Server, Client) {
    client_of(with_pages(world.probe())).await
}

async fn client_of(program: Program) -> (Server, Client) {
    let server = program.await;
    let client = server.client("ada").await;
    (server, client)
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers.get(name).map(String::as_str).unwrap_or_default()
}

/// A request by hand, whose path no client has tidied up: status and answer.
async fn raw(server: &Server, path: &str) -> (u16, String) {
    let exchange = async {
        let mut stream = TcpStream::connect(server.address()).await?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = timeout(PATIENCE, exchange).await.expect("an answer in time").expect("an answer");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("{path}: {answer}")), answer)
}

async fn addresses_lead_to_files(world: World) {
    let (_server, ada) = pages(&world).await;
    for (path, title) in [
        ("/", "Home"),
        ("/?next=/x", "Home"),
        ("/index.html", "Home"),
        ("/login", "Log in"),
        ("/login?next=/document%3Fid=1", "Log in"),
        ("/login.html", "Log in"),
        ("/guide/", "Guide"),
        ("/guide/first%20steps", "First steps"),
        ("/l%6Fgin", "Log in"),
    ] {
        let page = ada.get(path).await;
        assert_eq!((page.status, page.text), (200, format!("<title>{title}</title>")), "{path}");
    }
    assert_eq!(ada.get("/assets/app-1A2B.js").await.text, script());
    for path in ["/guide", "/login/", "/Login", "/login.htm", "/assets/app", "/index.html/x"] {
        assert_eq!(ada.get(path).await.status, 404, "{path}");
    }
}

async fn files_say_what_they_are(world: World) {
    let types = [
        ("a.html", "text/html; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.mjs", "application/javascript; charset=utf-8"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.webmanifest", "application/manifest+json"),
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a.ico", "image/x-icon"),
        ("a.woff2", "font/woff2"),
        ("a.wasm", "application/wasm"),
        ("a", "application/octet-stream"),
    ];
    let program = types
        .iter()
        .fold(world.probe().set("pages.dir=types"), |program, (name, _)| program.file(&format!("types/{name}"), "{}"));
    let (_server, ada) = client_of(program).await;
    for (name, kind) in types {
        let file = ada.get(&format!("/{name}")).await;
        assert_eq!((file.status, header(&file, "content-type")), (200, kind), "{name}");
    }
}

fn assert_kept_in_place(response: &Response, policy: &str) {
    for (name, value) in [
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(header(response, name), value, "{name} of {response:?}");
    }
}

async fn every_answer_keeps_its_page_in_its_place(world: World) {
    let (_server, ada) = pages(&world).await;
    let page = ada.get("/login").await;
    let version = header(&page, "etag");
    let answers = [
        (200, ada.get("/").await),
        (200, ada.request("HEAD", "/").await),
        (200, ada.get("/assets/app-1A2B.js").header("accept-encoding", "gzip").await),
        (206, ada.get("/assets/app-1A2B.js").header("range", "bytes=0-1").await),
        (304, ada.get("/login").header("if-none-match", version).await),
        (404, ada.get("/nowhere").header("accept", BROWSER).await),
        (416, ada.get("/").header("range", "bytes=9999-").await),
    ];
    for (status, answer) in answers.iter().chain([&(200, page)]) {
        assert_eq!(answer.status, *status, "{answer:?}");
        assert_kept_in_place(answer, STRICT);
    }
}

async fn the_policy_is_a_setting(world: World) {
    let policy = "default-src 'self'; img-src 'self' data:";
    let program = with_pages(world.probe()).set(&format!("pages.content_security_policy=\"{policy}\""));
    let (_server, ada) = client_of(program).await;
    assert_kept_in_place(&ada.get("/").await, policy);
}

async fn routes_win_over_files_and_files_over_the_router(world: World) {
    let program = with_pages(world.example("pages"))
        .file("public/changes.html", "<title>Changes</title>")
        .file("public/pictures.html", "<title>Pictures</title>")
        .file("public/plain.html", "<title>Plain</title>");
    let (_server, ada) = client_of(program).await;
    assert_eq!(ada.get("/changes").await.json, json!(0), "the route");
    assert_eq!(ada.get("/pictures").await.text, "<title>Pictures</title>", "the route here takes POST alone");
    assert_eq!(ada.get("/plain").await.text, "<title>Plain</title>", "the file");
    assert_eq!(ada.post("/plain", json!({})).await.text, "1", "the router, as pages are only read");
    assert_eq!(ada.request("PATCH", "/pictures").await.error().code, "method_not_allowed");
}

async fn people_who_are_lost_get_a_page_and_programs_an_error(world: World) {
    let (_server, ada) = pages(&world).await;
    for path in ["/nowhere", "/assets/nothing.js", "/guide", "/.env"] {
        let page = ada.get(path).header("accept", BROWSER).await;
        assert_eq!((page.status, page.text.as_str()), (404, "<title>Not found</title>"), "{path}");
        assert_eq!(header(&page, "cache-control"), "no-cache", "{path}");
        assert_eq!((header(&page, "etag"), header(&page, "last-modified")), ("", ""), "{path}");
        for accept in ["*/*", "application/json", "text/html;q=0"] {
            let refused = ada.get(path).header("accept", accept).await;
            assert_eq!((refused.status, refused.error().code.as_str()), (404, "not_found"), "{path} {accept}");
        }
    }
    let asked = ada.get("/nowhere").header("accept", BROWSER);
    let page = asked.header("if-none-match", "*").header("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT").await;
    assert_eq!((page.status, page.text.as_str()), (404, "<title>Not found</title>"), "it is no version of anything");
    let head = ada.request("HEAD", "/nowhere").header("accept", BROWSER).await;
    assert_eq!((head.status, head.text.as_str()), (404, ""));
    let refused = ada.post("/nowhere", json!({})).header("accept", BROWSER).await;
    assert_eq!((refused.status, refused.error().code.as_str()), (404, "not_found"));
}

async fn a_router_s_empty_404_becomes_the_page(world: World) {
    let (_server, ada) = client_of(with_pages(world.example("pages"))).await;
    let page = ada.get("/nowhere").header("accept", BROWSER).await;
    assert_eq!((page.status, page.text.as_str()), (404, "<title>Not found</title>"));
    let answer = ada.get("/nowhere").await;
    assert_eq!((answer.status, answer.text.as_str()), (404, ""), "that of the router");
    assert_eq!(ada.get("/plain").header("accept", BROWSER).await.text, "plain");
}

async fn without_a_page_for_it_everybody_gets_the_error(world: World) {
    let (_server, ada) = client_of(world.probe().set("pages.dir=public").file("public/index.html", "<p>")).await;
    let refused = ada.get("/nowhere").header("accept", BROWSER).await;
    assert_eq!((refused.status, refused.error().code.as_str()), (404, "not_found"));
}

async fn a_page_is_sent_again_only_if_it_has_changed(world: World) {
    let program = with_pages(world.probe());
    let file = program.folder().join("public/login.html");
    let (_server, ada) = client_of(program).await;
    let page = ada.get("/login").await;
    assert_eq!(header(&page, "cache-control"), "no-cache", "browsers ask each time");
    for (name, value) in [("if-none-match", "etag"), ("if-modified-since", "last-modified")] {
        let same = ada.get("/login").header(name, header(&page, value)).await;
        assert_eq!((same.status, same.text.as_str()), (304, ""), "{name}");
        for kept in ["etag", "cache-control", "vary"] {
            assert_eq!(header(&same, kept), header(&page, kept), "{kept}");
        }
    }
    fs::write(&file, "<title>Log in again</title>").expect("a changed page");
    let changed = ada.get("/login").header("if-none-match", header(&page, "etag")).await;
    assert_eq!((changed.status, changed.text.as_str()), (200, "<title>Log in again</title>"));
    assert_ne!(header(&changed, "etag"), header(&page, "etag"));
    fs::remove_file(&file).expect("the page is gone");
    assert_eq!(ada.get("/login").await.status, 404);
}

async fn assets_are_kept_and_pages_are_not(world: World) {
    let (_server, ada) = pages(&world).await;
    let asset = ada.get("/assets/app-1A2B.js").await;
    assert_eq!(header(&asset, "cache-control"), "public, max-age=31536000, immutable");
    let same = ada.get("/assets/app-1A2B.js").header("if-none-match", header(&asset, "etag")).await;
    assert_eq!((same.status, header(&same, "cache-control")), (304, "public, max-age=31536000, immutable"));
    for path in ["/", "/login", "/guide/"] {
        assert_eq!(header(&ada.get(path).await, "cache-control"), "no-cache", "{path}");
    }
    let program = with_pages(world.probe()).set("pages.assets_max_age=0s");
    let (_server, ada) = client_of(program).await;
    assert_eq!(header(&ada.get("/assets/app-1A2B.js").await, "cache-control"), "no-cache");
}

async fn text_is_compressed_for_those_who_like_that(world: World) {
    let (_server, ada) = pages(&world).await;
    let plain = ada.get("/assets/app-1A2B.js").await;
    assert_eq!(header(&plain, "content-encoding"), "");
    assert_eq!(header(&plain, "content-length"), script().len().to_string());
    let small = ada.get("/assets/app-1A2B.js").header("accept-encoding", "br, gzip").await;
    assert_eq!((header(&small, "content-encoding"), small.text.as_str()), ("gzip", script().as_str()));
    for answer in [&plain, &small] {
        assert!(header(answer, "vary").contains("accept-encoding"), "{answer:?}");
    }
    let same = ada.get("/assets/app-1A2B.js").header("accept-encoding", "gzip");
    assert_eq!(same.header("if-none-match", header(&small, "etag")).await.status, 304);
    let refused = ada.get("/assets/app-1A2B.js").header("accept-encoding", "gzip;q=0").await;
    assert_eq!((header(&refused, "content-encoding"), refused.text.as_str()), ("", script().as_str()));
    for path in ["/assets/picture.png", "/assets/small.css"] {
        let answer = ada.get(path).header("accept-encoding", "gzip").await;
        assert_eq!((answer.status, header(&answer, "content-encoding")), (200, ""), "{path} would not get smaller");
    }
}

async fn a_head_is_that_of_the_page(world: World) {
    let (_server, ada) = pages(&world).await;
    for (path, encodings) in [("/", "identity"), ("/assets/app-1A2B.js", "identity"), ("/assets/app-1A2B.js", "gzip")] {
        let page = ada.get(path).header("accept-encoding", encodings).await;
        let head = ada.request("HEAD", path).header("accept-encoding", encodings).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
        for name in ["content-type", "content-length", "content-encoding", "etag", "cache-control", "vary"] {
            assert_eq!(header(&head, name), header(&page, name), "{name} of {path}, {encodings}");
        }
    }
}

async fn a_part_of_a_file_can_be_asked_for(world: World) {
    let (_server, ada) = pages(&world).await;
    let part = ada.get("/assets/app-1A2B.js").header("range", "bytes=0-10").header("accept-encoding", "gzip").await;
    assert_eq!((part.status, part.text.as_str()), (206, "console.log"));
    assert_eq!(header(&part, "content-range"), format!("bytes 0-10/{}", script().len()));
}

async fn pages_are_read_and_nothing_else(world: World) {
    let (_server, ada) = pages(&world).await;
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for path in ["/", "/login", "/assets/app-1A2B.js"] {
            let refused = ada.request(method, path).await;
            assert_eq!((refused.status, refused.error().code.as_str()), (405, "method_not_allowed"), "{method} {path}");
            assert_eq!(header(&refused, "allow"), "GET, HEAD");
        }
        assert_eq!(ada.request(method, "/nowhere").await.error().code, "not_found");
    }
    assert_eq!(ada.get("/login").await.status, 200);
}

async fn nothing_outside_the_folder_is_served(world: World) {
    let (server, _ada) = pages(&world).await;
    let absolute = world.dir().display().to_string();
    for path in [
        "/../outside.txt",
        "/assets/../../outside.txt",
        "/assets/../login",
        "/%2e%2e/outside.txt",
        "/%2E%2E%2Foutside.txt",
        "/..%2foutside.txt",
        "/assets/..%2f..%2foutside.txt",
        "/..%5coutside.txt",
        "/..\\outside.txt",
        "/....//outside.txt",
        "/%252e%252e%252foutside.txt",
        "/%c0%ae%c0%ae/outside.txt",
        "/../public-too/outside.txt",
        "/..;/outside.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/etc/passwd",
        "/file:///etc/passwd",
        "/login%00.html",
        "/login%00",
        "/login.html%20",
        "/login.html.",
        &absolute,
        &format!("/{}", "x".repeat(5000)),
        &format!("/{}index.html", "assets/".repeat(1000)),
    ] {
        let (status, answer) = raw(&server, path).await;
        assert!(status == 404 || status == 400, "{path}: {answer}");
        assert!(
            !answer.contains(SECRET) && !answer.contains("root:") && !answer.contains("<title>"),
            "{path}: {answer}"
        );
        assert!(!answer.contains(&absolute), "what the server's folders are called: {answer}");
    }
    assert_eq!(raw(&server, "/login").await.0, 200, "it goes on");
    assert_eq!(raw(&server, "http://example.org/login").await.0, 200, "the absolute form of an address");
}

async fn links_lead_to_files_in_the_folder_only(world: World) {
    let program = with_pages(world.probe());
    let public = program.folder().join("public");
    let link = |to: &Path, name: &str| symlink(to, public.join(name)).expect("a link");
    link(Path::new("login.html"), "welcome.html");
    link(Path::new("../outside.txt"), "outside.txt");
    link(&program.folder().join("outside.txt"), "absolute.txt");
    link(Path::new("../public-too"), "too");
    link(Path::new(".."), "up");
    link(Path::new("loop"), "loop");
    link(Path::new("nothing"), "dangling");
    let (server, ada) = client_of(program).await;
    assert_eq!(ada.get("/welcome").await.text, "<title>Log in</title>");
    for path in [
        "/outside.txt",
        "/absolute.txt",
        "/too/outside.txt",
        "/up/outside.txt",
        "/dangling",
        "/loop",
        "/up/public/login",
    ] {
        let (status, answer) = raw(&server, path).await;
        let expected = if path == "/up/public/login" { 200 } else { 404 };
        assert_eq!(status, expected, "{path}: {answer}");
        assert!(!answer.contains(SECRET), "{path}: {answer}");
    }
}

async fn folders_are_not_listed_and_hidden_files_not_served(world: World) {
    let (server, _ada) = pages(&world).await;
    for path in
        ["/assets", "/assets/", "/guide", "/.env", "/%2eenv", "/.well/hidden.txt", "/%2Ewell/hidden.txt", "/.", "/./"]
    {
        let (status, answer) = raw(&server, path).await;
        assert_eq!(status, 404, "{path}: {answer}");
        assert!(!answer.contains(SECRET) && !answer.contains("app-1A2B"), "{path}: {answer}");
    }
}

async fn pages_of_other_origins_read_nothing(world: World) {
    let (_server, ada) = pages(&world).await;
    let page = ada.get("/").header("origin", "https://evil.example").header("sec-fetch-site", "cross-site").await;
    assert_eq!(page.status, 200, "their browser keeps it from them");
    assert_eq!(header(&page, "access-control-allow-origin"), "");
    assert_eq!(header(&page, "cross-origin-resource-policy"), "same-origin");
    assert!(header(&page, "vary").contains("origin"));
    let refused = ada.post("/", json!({})).header("origin", "https://evil.example").await;
    assert_eq!((refused.status, refused.error().code.as_str()), (403, "forbidden"));
}

async fn answers_of_routes_are_taken_for_what_they_say(world: World) {
    let (_server, ada) = client_of(world.example("pages")).await;
    for path in ["/changes", "/plain", "/nowhere", "/socket.io/?EIO=4&transport=polling"] {
        assert_eq!(header(&ada.get(path).await, "x-content-type-options"), "nosniff", "{path}");
    }
}

async fn a_folder_that_is_not_there_is_told_at_start(world: World) {
    let file = "[pages]\ndir = \"pubilc\"\n";
    let ended = world.probe().file("config/local.toml", file).file("public/index.html", "").run().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    for part in
        ["local.toml:2", "pages.dir", "pubilc", "no such directory", "working directory, /", "leave the key out"]
    {
        assert!(ended.stderr.contains(part), "{part:?} is missing in: {}", ended.stderr);
    }
    let ended = world.probe().set("pages.dir=index.html").file("index.html", "").run().await;
    assert_eq!(ended.code, Some(1), "a file is no folder");
    assert!(ended.stderr.contains("pages.dir: index.html cannot be served"), "{}", ended.stderr);
}

async fn a_policy_that_browsers_would_not_understand_is_told_at_start(world: World) {
    for (policy, part) in [("", "must not be empty"), ("script-scr 'self'", "did you mean script-src?")] {
        let ended = world.probe().set(&format!("pages.content_security_policy=\"{policy}\"")).run().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{policy:?}");
        for part in ["pages.content_security_policy", part] {
            assert!(ended.stderr.contains(part), "{part:?} is missing in: {}", ended.stderr);
        }
    }
}
