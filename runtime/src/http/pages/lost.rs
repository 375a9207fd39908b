//! Who gets the page 404.html.

use http::{
    HeaderMap, HeaderValue, Method,
    header::{ACCEPT, ACCEPT_ENCODING},
    request::Parts,
};

/// A person at an address that leads nowhere, and how their browser takes a page.
pub(crate) struct Lost {
    encodings: Option<HeaderValue>,
}

impl Lost {
    /// Who sends a request; `None` is a program or a script. They do not ask for `text/html` by name.
    pub fn of(head: &Parts) -> Option<Self> {
        let reads = matches!(head.method, Method::GET | Method::HEAD);
        let encodings = head.headers.get(ACCEPT_ENCODING).cloned();
        (reads && accepts_html(&head.headers)).then_some(Self { encodings })
    }

    /// What is asked of the page: no part of it, and not whether it has changed.
    pub(super) fn headers(self) -> HeaderMap {
        self.encodings.map(|encodings| (ACCEPT_ENCODING, encodings)).into_iter().collect()
    }
}

/// Whether `text/html` is among what a client accepts (RFC 9110, section 12.5.1). `*/*` does not count: programs send it.
fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_html = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"));
        is_html && !parts.any(is_refusal)
    })
}

/// `q=0`, `q=0.00`.
fn is_refusal(parameter: &str) -> bool {
    let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    weight.and_then(|weight| weight.trim().parse::<f32>().ok()).is_some_and(|weight| weight <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn is_lost(method: &str, accept: &str) -> bool {
        let request = Request::builder().method(method).header(ACCEPT, accept).body(()).unwrap();
        Lost::of(&request.into_parts().0).is_some()
    }

    #[test]
    fn browsers_that_open_a_page_ask_for_html() {
        for accept in ["text/html,application/xhtml+xml,*/*;q=0.8", "text/html", "image/png, TEXT/HTML ; q=0.1"] {
            assert!(is_lost("GET", accept) && is_lost("HEAD", accept), "{accept}");
            assert!(!is_lost("POST", accept), "{accept}");
        }
    }

    #[test]
    fn programs_and_scripts_do_not() {
        for accept in
            ["*/*", "", "application/json", "text/*", "text/html;q=0", "text/html; q=0.000, */*", "text/htmlx"]
        {
            assert!(!is_lost("GET", accept), "{accept}");
        }
    }
}
