//! The text of a content security policy (<https://www.w3.org/TR/CSP3>).
//!
//! Browsers silently pass over what they do not understand, and then the policy is not the one that was meant.

use super::nearest::nearest;

/// Everything in files of this server, and nothing else.
pub(super) const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// Those of CSP 3, of Trusted Types and of Upgrade Insecure Requests, and `report-uri`, which Firefox needs.
const DIRECTIVES: [&str; 27] = [
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "fenced-frame-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "report-to",
    "report-uri",
    "require-trusted-types-for",
    "sandbox",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "upgrade-insecure-requests",
    "webrtc",
    "worker-src",
];

/// Sources that are words only between single quotes; without them they are names of hosts.
const QUOTED: [&str; 7] =
    ["none", "self", "strict-dynamic", "unsafe-eval", "unsafe-hashes", "unsafe-inline", "wasm-unsafe-eval"];

/// Whether browsers understand it.
///
/// # Errors
/// The first thing that they would pass over.
pub(super) fn check(policy: &str) -> Result<(), String> {
    if policy.trim().is_empty() {
        let weakest = "default-src * data: blob: 'unsafe-inline' 'unsafe-eval'";
        return Err(format!(
            "must not be empty; without the key it is a strict one, and {weakest:?} allows everything"
        ));
    }
    if let Some(wrong) = policy.chars().find(|c| !matches!(c, ' '..='~')) {
        return Err(format!("has {wrong:?}, which cannot stand in a header: only printable ASCII can"));
    }
    policy.split(',').try_for_each(check_directives)
}

fn check_directives(policy: &str) -> Result<(), String> {
    let mut seen = Vec::new();
    for directive in policy.split(';') {
        let mut words = directive.split_whitespace();
        let Some(name) = words.next().map(str::to_ascii_lowercase) else { continue };
        if !DIRECTIVES.contains(&name.as_str()) {
            let near = nearest(&name, DIRECTIVES).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            return Err(format!("{name:?} is not a directive{near}"));
        }
        if let Some(word) = words.find(|word| QUOTED.iter().any(|quoted| quoted.eq_ignore_ascii_case(word))) {
            return Err(format!("{name}: {word} stands between single quotes, as in \"{name} '{word}'\""));
        }
        if seen.contains(&name) {
            return Err(format!("{name} is there twice, and only the first one would count"));
        }
        seen.push(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{STRICT, check};

    #[test]
    fn what_browsers_understand_is_a_policy() {
        for policy in [
            STRICT,
            "default-src * data: blob: 'unsafe-inline' 'unsafe-eval'",
            "sandbox;",
            "Script-Src 'self' https://cdn.example.org 'nonce-abc' ; upgrade-insecure-requests",
        ] {
            assert_eq!(check(policy), Ok(()), "{policy}");
        }
    }

    #[test]
    fn what_browsers_would_pass_over_is_a_mistake() {
        for (policy, reason) in [
            ("", "must not be empty"),
            (" ", "must not be empty"),
            ("default-src 'none'\n", "only printable ASCII"),
            ("default-src 'ünsafe'", "only printable ASCII"),
            ("script-scr 'self'", "\"script-scr\" is not a directive; did you mean script-src?"),
            ("script-src self", "script-src: self stands between single quotes, as in \"script-src 'self'\""),
            ("img-src 'self'; img-src data:", "img-src is there twice"),
        ] {
            let found = check(policy).unwrap_err();
            assert!(found.contains(reason), "{policy}: {found}");
        }
    }
}
