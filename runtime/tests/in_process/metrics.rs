//! What operators can count on.

use crate::support::{eventually, start};
use metrics_util::{
    MetricKind,
    debugging::{DebugValue, DebuggingRecorder, Snapshotter},
};
use std::collections::BTreeMap;

/// Every series that has a value, `name{label=value}`, sorted. Of a histogram the number of its values.
#[derive(Default)]
struct Seen(BTreeMap<String, f64>);

impl Seen {
    /// Adds what was counted since the last time: counters and histograms are taken out of a recorder.
    fn take(&mut self, recorder: &Snapshotter) {
        for (key, _, _, value) in recorder.snapshot().into_vec() {
            let (kind, key) = key.into_parts();
            let labels: Vec<String> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            let series = self.0.entry(format!("{}{{{}}}", key.name(), labels.join(","))).or_default();
            let value = match value {
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                DebugValue::Counter(count) => count as f64,
                DebugValue::Gauge(value) => value.into_inner(),
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                DebugValue::Histogram(values) => values.len() as f64,
            };
            if kind == MetricKind::Gauge { *series = value } else { *series += value }
        }
    }

    fn of(&self, series: &str) -> f64 {
        self.0.get(series).copied().unwrap_or_default()
    }

    fn names(&self) -> Vec<&String> {
        self.0.keys().collect()
    }
}

#[track_caller]
fn assert_counts(seen: &Seen, expected: &[(&str, f64)]) {
    for (series, value) in expected {
        assert!((seen.of(series) - value).abs() < f64::EPSILON, "{series} is {}, not {value}", seen.of(series));
    }
}

// on one thread, so that the recorder is this test's alone
#[tokio::test]
async fn events_and_connections_are_counted_and_clients_cannot_make_new_series() {
    let (recorder, mut seen) = (DebuggingRecorder::new(), Seen::default());
    let snapshots = recorder.snapshotter();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let started = start(&[]).await;
    let ada = started.app.client("/work").await.unwrap();
    let bob = started.app.client("/work").await.unwrap();
    let any = started.app.client("/any").await.unwrap();
    assert!(started.app.client("/who").await.is_err());
    assert!(started.app.client("/nowhere").await.is_err());

    for number in 0..5 {
        assert_eq!(ada.ask::<u32>("number", &number).await.unwrap(), number);
    }
    for _ in 0..3 {
        assert_eq!(ada.ask_error("refuse", &()).await.unwrap().code, "forbidden");
    }
    assert_eq!(ada.ask_error("explode", &()).await.unwrap().code, "internal");
    assert_eq!(ada.ask_error("nonsense", &()).await.unwrap().code, "unknown_event");
    assert_eq!(any.ask::<String>("first", &()).await.unwrap(), "first");
    bob.disconnect().await.unwrap();
    started.journal.says("left: client namespace disconnect").await;
    seen.take(&snapshots);
    assert_counts(
        &seen,
        &[
            ("lambdio_events_total{namespace=/work,event=number,outcome=ok}", 5.0),
            ("lambdio_events_total{namespace=/work,event=refuse,outcome=forbidden}", 3.0),
            ("lambdio_events_total{namespace=/work,event=explode,outcome=internal}", 1.0),
            ("lambdio_events_total{namespace=/work,event=(unknown),outcome=unknown_event}", 1.0),
            ("lambdio_event_duration_seconds{namespace=/work,event=number}", 5.0),
            ("lambdio_event_duration_seconds{namespace=/work,event=refuse}", 3.0),
            ("lambdio_event_duration_seconds{namespace=/work,event=explode}", 1.0),
            ("lambdio_event_queue_seconds{namespace=/work,event=number}", 5.0),
            ("lambdio_connections{namespace=/work}", 1.0),
            ("lambdio_connections{namespace=/any}", 1.0),
            ("lambdio_connects_total{namespace=/work,outcome=ok}", 2.0),
            ("lambdio_disconnects_total{namespace=/work,reason=client namespace disconnect}", 1.0),
            ("lambdio_connects_total{namespace=/who,outcome=forbidden}", 1.0),
            ("lambdio_connects_total{namespace=(unknown),outcome=not_found}", 1.0),
        ],
    );

    let known = seen.0.len();
    for number in 0..100 {
        assert_eq!(ada.ask_error(&format!("nonsense{number}"), &()).await.unwrap().code, "unknown_event");
        assert_eq!(any.ask::<String>(&format!("any{number}"), &()).await.unwrap(), format!("any{number}"));
        assert!(started.app.client(&format!("/nowhere{number}")).await.is_err());
    }
    seen.take(&snapshots);
    assert_eq!(seen.0.len(), known, "names that clients made up are no series: {:?}", seen.names());
    assert_counts(
        &seen,
        &[
            ("lambdio_events_total{namespace=/work,event=(unknown),outcome=unknown_event}", 101.0),
            ("lambdio_events_total{namespace=/any,event=*,outcome=ok}", 101.0),
            ("lambdio_connects_total{namespace=(unknown),outcome=not_found}", 101.0),
        ],
    );

    drop(ada);
    eventually("the cut client is no longer counted", || {
        seen.take(&snapshots);
        seen.of("lambdio_connections{namespace=/work}") == 0.0
    })
    .await;
}
