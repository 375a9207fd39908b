//! Networks: `10.0.0.0/8`, or one address.

use std::net::IpAddr;

use ipnet::IpNet;

/// Reads a network or an address, or says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<IpNet, &'static str> {
    let network = match text.parse::<IpAddr>() {
        Ok(address) => IpNet::from(address.to_canonical()),
        Err(_) => text.parse().map_err(|_| "is neither an IP address nor a network such as 10.0.0.0/8")?,
    };
    if network.trunc() == network { Ok(network) } else { Err("has bits of a host after its prefix") }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_address_or_its_prefix_makes_a_network() {
        for (text, network) in [
            ("127.0.0.1", "127.0.0.1/32"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("::1", "::1/128"),
            ("::ffff:192.0.2.1", "192.0.2.1/32"),
            ("2001:db8::/32", "2001:db8::/32"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), network);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "localhost", "10.0.0", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "fe80::1%eth0", "*"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
