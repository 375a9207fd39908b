//! `[otlp]`, with the feature and without it.

use super::{line, traced, traceparent};
use lambdio_tests::{Collector, Server, World, trials};

trials![
    the_service_is_called_what_the_settings_say,
    without_the_section_nothing_is_traced,
    a_change_of_the_section_needs_a_restart,
    mistakes_in_the_section_are_found,
    headers_for_the_collector_are_shown_nowhere,
    a_program_without_the_feature_says_so,
];

async fn the_service_is_called_what_the_settings_say(world: World) {
    let collector = Collector::start().await;
    let program = traced(&world, &format!("{}/", collector.url())).set("otlp.service_name=orders");
    let program = program
        .set("otlp.service_version=1.2.3")
        .set("otlp.headers.authorization=Bearer swordfish")
        .env("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
        .env("OTEL_EXPORTER_OTLP_HEADERS", "x-key=for-the-collector")
        // what would lead astray
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
        .env("OTEL_SERVICE_NAME", "other");
    let server = program.await;
    server.client("ada").await.get("/items/7").await;
    let span = collector.span("GET /items/{id}").await;
    assert_eq!(span.resource["service.name"], "orders");
    assert_eq!(span.resource["service.version"], "1.2.3");
    assert_eq!(span.resource["deployment.environment.name"], "test");
    assert_eq!(span.headers["authorization"], "Bearer swordfish");
    assert_eq!(span.headers["x-key"], "for-the-collector");
}

async fn without_the_section_nothing_is_traced(world: World) {
    let server = world.example("traced").set("log.format=json").await;
    server.client("ada").await.get("/items/1").header("traceparent", &traceparent("01")).await;
    let record = line(&server, "the record", |line| line["message"] == "served").await;
    assert_eq!(record.get("trace"), None);
}

/// The keys that need a restart with new settings, none of which is taken over.
async fn waiting(server: &Server, settings: &str) -> Vec<String> {
    let reload = server.reload(settings).await;
    assert_eq!(reload.changed(), [""; 0], "{settings}");
    let keys = reload.needs_restart();
    keys.iter().map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
}

async fn a_change_of_the_section_needs_a_restart(world: World) {
    let (first, second) = (Collector::start().await, Collector::start().await);
    let section = |collector: &Collector, sample: &str| format!("[otlp]\nendpoint = {:?}\n{sample}", collector.url());
    let server = world.example("traced").await;
    // that it comes
    assert_eq!(waiting(&server, &section(&first, "sample = 0.5")).await, ["otlp.endpoint", "otlp.sample"]);
    assert_eq!(waiting(&server, "").await, [""; 0]);

    // that it changes, and goes
    let server = world.example("traced").file("config/local.toml", &section(&first, "")).await;
    assert_eq!(waiting(&server, &section(&second, "sample = 0.5")).await, ["otlp.endpoint", "otlp.sample"]);
    assert_eq!(waiting(&server, "").await, ["otlp.endpoint"]);
    server.client("ada").await.get("/items/1").await;
    first.span("GET /items/{id}").await;
    assert_eq!(second.spans().len(), 0);
}

async fn mistakes_in_the_section_are_found(world: World) {
    for (setting, problem) in [
        ("otlp.service_name=\"x\"", "otlp.endpoint: is missing"),
        ("otlp.endpoint=127.0.0.1:4318", "otlp.endpoint: must begin with http:// or https://"),
        ("otlp.endpoint=grpc://collector:4317", "otlp.endpoint: must begin with http:// or https://"),
        ("otlp.endpoint=http://", "otlp.endpoint: must be the address of a collector"),
        ("otlp.endpoint=http://me:word@collector", "otlp.endpoint: must not contain a user"),
        ("otlp.endpoint=http://collector?key=1", "otlp.endpoint: must not have a query"),
    ] {
        let ended = world.example("traced").args(["check"]).set(setting).run().await;
        assert_eq!(ended.code, Some(1), "{setting}");
        let said = ended.stdout + &ended.stderr;
        assert!(said.contains(problem), "{setting}: {said}");
    }
    for setting in ["otlp.service_name=\" \"", "otlp.sample=1.5", "otlp.headers.\"two words\"=1"] {
        let program = world.example("traced").args(["check"]).set("otlp.endpoint=http://collector:4318");
        let ended = program.set(setting).run().await;
        let said = ended.stdout + &ended.stderr;
        let (key, _) = setting.split_once('=').expect("a key");
        assert!(said.contains(&format!("{key}: ")), "{setting}: {said}");
    }
}

async fn headers_for_the_collector_are_shown_nowhere(world: World) {
    let secret = "otlp.headers.authorization=Bearer swordfish";
    let program = world.example("traced").set("otlp.endpoint=http://127.0.0.1:1").set(secret);
    let shown = program.clone().args(["config"]).run().await;
    assert!(shown.stdout.contains("# authorization is not shown"), "{}", shown.stdout);
    let wrong = program.set("otlp.headers.authorization=sword\u{1}fish").args(["check"]).run().await;
    assert!(wrong.stderr.contains("otlp.headers.authorization: is no value of a header"), "{}", wrong.stderr);
    for ended in [shown, wrong] {
        let said = ended.stdout + &ended.stderr;
        assert!(!said.contains("fish"), "{said}");
    }
}

async fn a_program_without_the_feature_says_so(world: World) {
    let expected = "this program is built without the feature \"otlp\" of lambdio, which sends traces; \
                    build it with --features otlp, or leave the section out";
    let section = "[otlp]\nendpoint = \"http://127.0.0.1:4318\"\n";
    let started = world.probe().file("config/local.toml", section).run().await;
    assert_eq!(started.code, Some(1));
    assert!(started.stderr.contains(&format!("config/local.toml:1: otlp: {expected}")), "{}", started.stderr);
    let checked = world.probe().file("config/local.toml", section).args(["check"]).run().await;
    assert_eq!((checked.code, checked.stderr), (started.code, started.stderr));

    // whatever else is wrong with it, and wherever it stands
    let elsewhere = world.probe().env("LAMBDIO__OTLP__SAMPLE", "1.0").args(["check"]).run().await;
    for problem in [expected, "otlp.endpoint: is missing"] {
        assert!(elsewhere.stderr.contains(problem), "{}", elsewhere.stderr);
    }
    assert!(elsewhere.stderr.contains("LAMBDIO__OTLP__SAMPLE"), "{}", elsewhere.stderr);

    let server = world.probe().await;
    let refused = server.reload_refused(section).await;
    assert!(refused.contains(expected), "{refused}");
}
