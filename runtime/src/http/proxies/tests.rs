use super::*;
use http::{HeaderName, HeaderValue};

const PROXY: &str = "10.0.0.1:5000";

fn proxies() -> TrustedProxies {
    let trusted_proxies = ["10.0.0.0/8", "127.0.0.1", "2001:db8:1::/48"].map(str::to_owned).to_vec();
    TrustedProxies::new(&Server { trusted_proxies, ..Server::default() })
}

fn origin(peer: &str, headers: &[(&'static str, &str)]) -> Origin {
    let named = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap()));
    let mut map = HeaderMap::new();
    for (name, value) in named {
        map.append(name, value);
    }
    proxies().origin(peer.parse().unwrap(), &map)
}

fn client(text: &str) -> Origin {
    Origin::Client(text.parse().unwrap())
}

#[test]
fn only_a_trusted_proxy_may_name_the_client() {
    let headers = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")];
    assert_eq!(origin("198.51.100.1:5000", &headers), Origin::Peer);
    assert_eq!(origin("127.0.0.2:5000", &headers), Origin::Peer);
    for proxy in [PROXY, "127.0.0.1:5000", "[2001:db8:1::9]:5000", "[::ffff:10.2.3.4]:5000"] {
        assert_eq!(origin(proxy, &headers), client("192.0.2.1:0"), "{proxy}");
    }
    assert_eq!(origin(PROXY, &[]), Origin::Peer, "a proxy speaks for itself, to see whether we live");
}

#[test]
fn what_a_client_invents_stands_before_its_own_address() {
    let cases: [&[(&'static str, &str)]; 5] = [
        &[("x-forwarded-for", "203.0.113.9, 192.0.2.1")],
        &[("x-forwarded-for", "nonsense, 192.0.2.1, 10.0.0.2")],
        &[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "192.0.2.1,10.0.0.2,127.0.0.1")],
        &[("forwarded", "for=203.0.113.9, for=192.0.2.1;proto=https, for=10.0.0.2")],
        &[("forwarded", "for=10.0.0.9"), ("forwarded", "By=10.0.0.1;FOR=\"192.0.2.1\"")],
    ];
    for headers in cases {
        assert_eq!(origin(PROXY, headers), client("192.0.2.1:0"), "{headers:?}");
    }
    assert_eq!(origin(PROXY, &[("x-forwarded-for", "10.0.0.7, 10.0.0.8")]), client("10.0.0.7:0"), "all are ours");
}

#[test]
fn addresses_are_written_in_many_ways() {
    for (written, meant) in [
        ("192.0.2.1:4711", "192.0.2.1:4711"),
        ("2001:db8::1", "[2001:db8::1]:0"),
        ("[2001:db8::1]", "[2001:db8::1]:0"),
        ("[2001:db8::1]:4711", "[2001:db8::1]:4711"),
        ("::ffff:192.0.2.1", "192.0.2.1:0"),
        ("\t192.0.2.1 ", "192.0.2.1:0"),
    ] {
        assert_eq!(origin(PROXY, &[("x-forwarded-for", written)]), client(meant), "{written}");
        let quoted = format!("for=\"{}\"", written.trim());
        assert_eq!(origin(PROXY, &[("forwarded", &quoted)]), client(meant), "{quoted}");
    }
}

#[test]
fn what_cannot_be_read_names_nobody() {
    for list in
        ["", ",", "192.0.2.1,", "unknown", "192.0.2.1, unknown", "_hidden", "192.0.2.256", "[::1", "1", "caf\u{e9}"]
    {
        assert_eq!(origin(PROXY, &[("x-forwarded-for", list)]), Origin::Unclear, "{list:?}");
    }
    for list in [
        "",
        "proto=https",
        "for=",
        "for=_hidden",
        "for=\"192.0.2.1",
        "for=\"192.0.2.\\1\"",
        "for=192.0.2.1;for=192.0.2.2",
        "for=192.0.2.1, \"",
        "for=192.0.2.1,",
    ] {
        assert_eq!(origin(PROXY, &[("forwarded", list)]), Origin::Unclear, "{list:?}");
    }
}

#[test]
fn two_headers_that_disagree_name_nobody() {
    let both = |list, described| origin(PROXY, &[("x-forwarded-for", list), ("forwarded", described)]);
    assert_eq!(both("192.0.2.1", "for=203.0.113.9"), Origin::Unclear);
    assert_eq!(both("192.0.2.1", "for=\"192.0.2.1:80\""), client("192.0.2.1:0"));
    assert_eq!(both("192.0.2.1", "for=unknown"), Origin::Unclear);
}

/// Every text of up to six of the characters that mean something is read without harm, and never as a stranger's word.
#[test]
fn no_text_does_harm() {
    let alphabet = ["1", ".", ":", ",", ";", "\"", "\\", "=", "[", "]", "for=", "10.0.0.1"];
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        texts = texts.iter().flat_map(|text| alphabet.map(|piece| format!("{text}{piece}"))).collect();
        for text in &texts {
            for header in ["x-forwarded-for", "forwarded"] {
                assert_eq!(origin("192.0.2.1:1", &[(header, text)]), Origin::Peer);
                if let Origin::Client(named) = origin(PROXY, &[(header, text)]) {
                    assert!(text.contains("10.0.0.1") || text.contains(':'), "{text:?} names {named}");
                }
            }
        }
    }
}
