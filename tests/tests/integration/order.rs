//! Events of one socket, one at a time and in order.

use crate::limits;
use lambdio_tests::{Server, Transport, World, eventually, trials};
use serde_json::{Value, json};

trials![events_of_one_socket_run_in_order, sockets_do_not_wait_for_each_other, a_full_queue_is_told_to_the_client,];

async fn worked(probe: &Server, client: &str) -> Vec<String> {
    let entries = probe.client("reader").await.get("/life/journal").await.json;
    let entries = entries.as_array().expect("a list").iter().filter(|entry| entry["client"] == client);
    let what = entries.filter_map(|entry| entry["what"].as_str().map(str::to_owned));
    what.filter(|what| what.starts_with("worked")).collect()
}

async fn events_of_one_socket_run_in_order(world: World) {
    let probe = world.probe().await;
    for transport in Transport::BOTH {
        let name = format!("{transport:?}");
        let client = probe.client(&name).await;
        let socket = client.connect("/life").over(transport).query(json!({"client": name})).await;
        let acks = socket.burst("work", (0..200).map(|number| json!([number])).collect()).await;
        let expected: Vec<(usize, Value)> = (0..200).map(|number| (number, json!([number]))).collect();
        assert_eq!(acks, expected, "acknowledgements over {transport:?}");
        let expected: Vec<String> = (0..200).map(|number| format!("worked {number}")).collect();
        assert_eq!(worked(&probe, &name).await, expected, "handlers over {transport:?}");
    }
}

async fn sockets_do_not_wait_for_each_other(world: World) {
    let probe = world.probe().await;
    let ada = probe.client("ada").await.connect("/errors").await;
    let bob = probe.client("bob").await.connect("/errors").await;
    ada.emit("slow_by_default", json!([])).await;
    for _ in 0..10 {
        assert_eq!(bob.ask("fine", json!([])).await, json!(true));
    }
    assert_eq!(ada.events_seen().await, [], "Ada's first event still runs");
}

async fn a_full_queue_is_told_to_the_client(world: World) {
    let probe = world.probe().set("events.queue_length=5").await;
    let client = probe.client("ada").await;
    let socket = client.connect("/limits").await;
    socket.emit("wait", json!([0])).await;
    eventually("it is served", async || (client.get("/limits/running").await.json == 1).then_some(())).await;
    let until_all_came = async {
        let refusals = || probe.log().lines().iter().filter(|line| line.contains("outcome=overloaded")).count();
        eventually("25 are refused", async || (refusals() >= 25).then_some(())).await;
        limits::open(&probe, 1).await;
    };
    let (acks, ()) = tokio::join!(socket.burst("length", (0..30).map(|_| json!(["x"])).collect()), until_all_came);
    let served = acks.iter().filter(|(_, ack)| ack == &json!([1])).count();
    let refused: Vec<_> =
        acks.iter().map(|(_, ack)| &ack[0]["error"]).filter(|error| error["code"] == "overloaded").collect();
    assert_eq!((served, refused.len()), (5, 25), "{acks:?}");

    // the operator is told once; each single one is there for whoever looks closely
    for error in refused {
        probe.log_contains(error["id"].as_str().unwrap_or("no id")).await;
    }
    let told = |line: &&String| line.contains("WARN") && line.contains("overloaded");
    let warnings = probe.log().lines().iter().filter(told).count();
    assert_eq!(warnings, 1, "{:#?}", probe.log().lines());
}
