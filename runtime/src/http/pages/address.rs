//! Which files the address of a request may mean.

use http::Uri;
use percent_encoding::percent_decode_str;
use std::path::PathBuf;

/// The folder of files that are kept long.
const ASSETS: &str = "/assets/";

/// The files that an address may mean, the best first; none where it cannot mean any.
///
/// `/x` is the file `x`, else `x.html`; `/` and `/x/` are the `index.html` there. Each part of the path has to be a plain name:
/// not empty, not beginning with a dot, which leaves out `..` and hidden files, and without `/`, `\` and NUL in it, however it
/// was encoded.
pub(super) fn files(uri: &Uri) -> Vec<PathBuf> {
    uri.path().strip_prefix('/').and_then(files_of).unwrap_or_default()
}

fn files_of(path: &str) -> Option<Vec<PathBuf>> {
    let mut parts = path.split('/');
    let name = parts.next_back()?;
    let folder = parts.map(decode).collect::<Option<PathBuf>>()?;
    if name.is_empty() {
        return Some(vec![folder.join("index.html")]);
    }
    let name = decode(name)?;
    Some(vec![folder.join(&name), folder.join(name + ".html")])
}

/// Whether this is the address of a file whose name changes with its content.
pub(super) fn is_asset(uri: &Uri) -> bool {
    uri.path().starts_with(ASSETS)
}

/// One part of a path.
fn decode(part: &str) -> Option<String> {
    let name = percent_decode_str(part).decode_utf8().ok()?;
    let plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
    plain.then(|| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(uri: &str) -> Vec<String> {
        files(&uri.parse().unwrap()).into_iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn an_address_means_a_file_or_a_page() {
        assert_eq!(found("/"), ["index.html"]);
        assert_eq!(found("/login?next=/x"), ["login", "login.html"]);
        assert_eq!(found("/assets/a.js"), ["assets/a.js", "assets/a.js.html"]);
        assert_eq!(found("/guide/"), ["guide/index.html"]);
        assert_eq!(found("/a%20b/%C3%BC"), ["a b/ü", "a b/ü.html"]);
        assert_eq!(found("http://example.org/x"), ["x", "x.html"]);
        assert_eq!(found("/%252e%252e/x"), ["%2e%2e/x", "%2e%2e/x.html"], "decoded once");
    }

    #[test]
    fn an_address_that_leads_elsewhere_means_nothing() {
        for uri in [
            "*",
            "//",
            "//x",
            "/x//y",
            "/..",
            "/../x",
            "/x/../y",
            "/x/..",
            "/%2e%2e/x",
            "/.%2E/x",
            "/..%2fx",
            "/x%2fy",
            "/%2Fetc/passwd",
            "/..%5cx",
            "/x\\y",
            "/x%00.html",
            "/.git/config",
            "/%2egit/config",
            "/assets/.hidden",
            "/.",
            "/./x",
            "/%ff",
        ] {
            if let Ok(uri) = uri.parse() {
                assert_eq!(files(&uri), Vec::<PathBuf>::new(), "{uri}");
            }
        }
    }

    #[test]
    fn assets_are_below_their_folder() {
        let is_asset = |uri: &str| is_asset(&uri.parse().unwrap());
        assert!(is_asset("/assets/a.js") && is_asset("/assets/fonts/a.woff2?x"));
        assert!(!is_asset("/") && !is_asset("/assets") && !is_asset("/x/assets/a.js"));
    }
}
