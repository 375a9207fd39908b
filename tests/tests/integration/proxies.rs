//! The harness for networks that fail.

use lambdio_tests::{PATIENCE, Proxy, World, trials};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

trials![
    a_proxy_keeps_what_it_withholds_and_passes_the_rest,
    a_proxy_that_is_cut_loses_what_it_withheld,
    a_proxy_leads_new_connections_elsewhere,
];

/// Both ends of a connection through a proxy: who connects, and who is connected to.
async fn ends() -> (Arc<Proxy>, TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let proxy = Proxy::to(&listener.local_addr().expect("an address").to_string()).await;
    let near = TcpStream::connect(proxy.address()).await.expect("the proxy takes connections");
    let (far, _) = listener.accept().await.expect("the proxy connects");
    (proxy, near, far)
}

async fn hears(stream: &mut TcpStream, text: &str) {
    let mut bytes = vec![0; text.len()];
    timeout(PATIENCE, stream.read_exact(&mut bytes)).await.expect("in time").expect("it is open");
    assert_eq!(String::from_utf8_lossy(&bytes), text);
}

async fn a_proxy_keeps_what_it_withholds_and_passes_the_rest(_: World) {
    let (proxy, mut near, mut far) = ends().await;
    proxy.withhold();
    far.write_all(b"kept").await.expect("it is open");
    near.write_all(b"passed").await.expect("it is open");
    hears(&mut far, "passed").await;
    let early = timeout(Duration::from_millis(100), near.read_u8()).await;
    assert!(early.is_err(), "withheld, but {early:?}");
    far.write_all(b" and in order").await.expect("it is open");
    proxy.release();
    hears(&mut near, "kept and in order").await;
    drop(far);
    assert_eq!(near.read(&mut [0]).await.ok(), Some(0), "and the end comes through");
}

async fn a_proxy_that_is_cut_loses_what_it_withheld(_: World) {
    let (proxy, mut near, mut far) = ends().await;
    proxy.withhold();
    far.write_all(b"lost").await.expect("it is open");
    near.write_all(b"passed").await.expect("it is open");
    hears(&mut far, "passed").await;
    proxy.cut();
    assert!(matches!(timeout(PATIENCE, near.read(&mut [0])).await, Ok(Ok(0) | Err(_))), "ended, and nothing came");
    assert!(TcpStream::connect(proxy.address()).await.is_err());
    proxy.mend().await;
    proxy.release();
    assert!(TcpStream::connect(proxy.address()).await.is_ok());
}

async fn a_proxy_leads_new_connections_elsewhere(_: World) {
    let (proxy, mut near, mut far) = ends().await;
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    proxy.lead_to(&elsewhere.local_addr().expect("an address").to_string());
    far.write_all(b"here").await.expect("it is open");
    hears(&mut near, "here").await;
    let mut near = TcpStream::connect(proxy.address()).await.expect("the proxy takes connections");
    let (mut far, _) = elsewhere.accept().await.expect("the proxy connects");
    far.write_all(b"there").await.expect("it is open");
    hears(&mut near, "there").await;
}
