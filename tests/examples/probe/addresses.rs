//! Where clients come from.

use lambdio::prelude::*;

#[handler(namespace = "/payloads", event = "address")]
async fn address(handshake: Handshake) -> String {
    shown(&handshake)
}

#[route(get = "/address")]
async fn address_of_request(handshake: Handshake) -> String {
    shown(&handshake)
}

/// The address; with its port only where there is none, which is port 0.
fn shown(handshake: &Handshake) -> String {
    match handshake.address() {
        Some(address) if address.port() == 0 => address.to_string(),
        Some(address) => address.ip().to_string(),
        None => "unknown".to_owned(),
    }
}
