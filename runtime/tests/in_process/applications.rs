//! Applications: what they are given, and that they have nothing in common.

use crate::support::start;
use lambdio::App;

#[tokio::test]
async fn two_at_once_have_settings_and_clients_of_their_own() {
    let hasty = start(&["handlers.\"/work\".hold.timeout=500ms"]).await;
    let patient = start(&[]).await;
    let (ada, bob) = (hasty.app.client("/work").await.unwrap(), patient.app.client("/work").await.unwrap());
    let () = ada.ask("shout", &"hello").await.unwrap();
    assert_eq!(ada.next::<String>("heard").await.unwrap(), "hello");
    let () = bob.ask("shout", &"mine").await.unwrap();
    assert_eq!(bob.next::<String>("heard").await.unwrap(), "mine", "Bob is in another application");

    assert_eq!(ada.ask_error("hold", &()).await.unwrap().code, "timeout");
    let held = bob.ask::<String>("hold", &());
    patient.journal.says("begun").await;
    patient.gate.open();
    assert_eq!(held.await.unwrap(), "let go");
    assert_eq!(hasty.journal.read(), ["begun"]);

    hasty.app.stop().await;
    assert_eq!(bob.ask::<u32>("number", &1).await.unwrap(), 1, "the other one goes on");
}

#[tokio::test]
async fn what_would_keep_a_server_from_starting_is_an_error_with_all_reasons() {
    let refused = App::new().in_process(["events.timout=1s", "server.port=x"]).await.unwrap_err().to_string();
    assert!(refused.contains("events.timeout") && refused.contains("server.port"), "{refused}");
    let refused = App::new().in_process([""; 0]).await.unwrap_err().to_string();
    assert!(refused.contains("Journal") && refused.contains("Gate"), "nobody provides them: {refused}");
}

#[tokio::test]
async fn a_provider_that_fails_is_named() {
    let app = App::new()
        .provide(async |_: &lambdio::Startup| Ok::<_, lambdio::Error>(crate::support::Journal::default()))
        .provide(async |_: &lambdio::Startup| Err::<crate::support::Gate, _>(std::io::Error::other("it is rusty")));
    let refused = app.in_process([""; 0]).await.unwrap_err().to_string();
    assert!(refused.contains("Gate") && refused.contains("it is rusty"), "{refused}");
}
