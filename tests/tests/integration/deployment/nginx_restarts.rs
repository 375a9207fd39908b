//! nginx goes on while what it stands in front of is away, and clients go on while nginx changes.

use super::behind_nginx::{Site, probe};
use lambdio_tests::{Signal, Transport, World, eventually, trials};
use serde_json::json;

trials![
    a_reload_of_nginx_loses_no_event,
    while_the_server_is_away_everybody_is_told_so,
    a_server_that_was_started_again_is_found,
];

const EVENTS: usize = 200;

async fn a_reload_of_nginx_loses_no_event(world: World) {
    let site = Site::of_probe(&world).await;
    let ada = site.nginx.client("ada").await;
    let websocket = ada.connect("/payloads").await;
    let polling = ada.connect("/payloads").over(Transport::Polling).reconnecting().await;
    let say = |text: &str| (0..EVENTS).map(|number| json!([format!("{text} {number}")])).collect::<Vec<_>>();
    for round in ["first", "second"] {
        let (by_websocket, by_polling, ()) =
            tokio::join!(websocket.burst("text", say(round)), polling.burst("text", say(round)), site.nginx.reload());
        for acks in [by_websocket, by_polling] {
            assert_eq!(acks.len(), EVENTS);
            assert!(acks.iter().all(|(number, ack)| ack == &json!([format!("{round} {number}")])), "{acks:?}");
        }
    }
    assert!(websocket.state().await.connected, "the old worker keeps what it has");
    assert_eq!(websocket.ask("text", json!(["still"])).await, json!("still"));
    assert_eq!(polling.ask("text", json!(["still"])).await, json!("still"));
    assert_eq!(ada.connect("/payloads").await.ask("text", json!(["new"])).await, json!("new"));
}

async fn while_the_server_is_away_everybody_is_told_so(world: World) {
    let site = Site::of_probe(&world).await;
    let ada = site.nginx.client("ada").await;
    site.way.cut();
    let program = ada.get("/greeting").await;
    assert_eq!((program.status, &program.json["error"]["code"]), (503, &json!("unavailable")), "{program:?}");
    assert_eq!(program.headers["retry-after"], "2");
    let person = ada.get("/greeting").header("accept", "text/html,*/*;q=0.8").await;
    assert_eq!((person.status, person.headers["content-type"].as_str()), (503, "text/html"));
    site.way.mend().await;
    assert_eq!(ada.get("/greeting").await.status, 200, "at once, without a time of punishment");
}

async fn a_server_that_was_started_again_is_found(world: World) {
    let mut site = Site::of_probe(&world).await;
    let ada = site.nginx.client("ada").await;
    let mut sockets = Vec::new();
    for transport in Transport::BOTH {
        sockets.push(ada.connect("/payloads").over(transport).reconnecting().await);
    }
    site.server.signal(Signal::TERM);
    assert_eq!(site.server.wait_exit().await, Some(0));
    assert_eq!(ada.get("/greeting").await.status, 503);
    let server = probe(&world).set(&format!("server.public_urls=[\"{}\"]", site.nginx.url())).await;
    site.way.lead_to(server.address());
    for socket in sockets {
        eventually("the client is back", async || socket.state().await.connected.then_some(())).await;
        assert_eq!(socket.ask("text", json!(["back"])).await, json!("back"));
    }
}
