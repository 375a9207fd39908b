//! The queue of spans, and who sends them.

use super::{
    Outcome, Trace,
    client::Rejected,
    exporter::{Exporter, TracesError},
    span::span,
};
use crate::{
    config::Settings,
    dispatch::Seldom,
    log::{Invocation, Share, Timing},
    metrics::{SpanOutcome, count_spans},
};
use arc_swap::{ArcSwapOption, Guard};
use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::trace::SpanData;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::mpsc::{self, error::TrySendError},
    task::JoinHandle,
    time::{sleep, timeout},
};

/// The most spans that wait to be sent. More are lost. One takes about a kilobyte.
const QUEUE: usize = 8192;
/// The most spans that are sent together.
const BATCH: usize = 1024;
/// How long the first span of a batch waits for others.
const DELAY: Duration = Duration::from_secs(1);
/// How long the last spans may take at the end.
const FLUSH: Duration = Duration::from_secs(3);

/// Makes the spans of a process, while they are sent.
pub(super) struct Tracer {
    /// `otlp.sample`.
    pub share: Share,
    scope: InstrumentationScope,
    queue: mpsc::Sender<SpanData>,
    /// How many spans found no room in the queue since that was last told.
    overflow: Arc<AtomicU64>,
}

/// A process has one, as it has one log.
static TRACER: ArcSwapOption<Tracer> = ArcSwapOption::const_empty();

/// What makes spans, where they are sent.
pub(super) fn tracer() -> Guard<Option<Arc<Tracer>>> {
    TRACER.load()
}

/// An invocation has ended: if it is sampled, its span waits to be sent from now on. This waits for nothing.
pub(crate) fn tell(invocation: &Invocation, timing: Timing, outcome: Outcome<'_>) {
    let Some(trace) = invocation.trace().filter(Trace::is_sampled) else { return };
    let found = tracer();
    let Some(tracer) = found.as_ref() else { return };
    match tracer.queue.try_reserve() {
        Ok(place) => place.send(span(tracer.scope.clone(), trace, invocation, timing, outcome)),
        Err(TrySendError::Full(()) | TrySendError::Closed(())) => {
            tracer.overflow.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Whether something keeps spans from being sent, whether a collector is there or not.
///
/// # Errors
/// What it is.
pub(crate) fn check(settings: &Settings) -> Result<(), TracesError> {
    settings.otlp.as_ref().map_or(Ok(()), |settings| Exporter::new(settings).map(drop))
}

/// Spans are sent for as long as this is there.
#[must_use = "the last spans are sent by `stop`"]
pub(crate) struct Sending(Option<JoinHandle<()>>);

impl Sending {
    /// Begins to make spans, and to send them, where the settings say so. It needs a runtime.
    ///
    /// # Errors
    /// As [`check`].
    pub fn start(settings: &Settings) -> Result<Self, TracesError> {
        let Some(settings) = &settings.otlp else { return Ok(Self(None)) };
        let exporter = Exporter::new(settings)?;
        let (queue, spans) = mpsc::channel(QUEUE);
        let overflow = Arc::new(AtomicU64::new(0));
        let sender =
            Sender { exporter, spans, overflow: overflow.clone(), seldom: Seldom::default(), lost_while_away: None };
        let scope = InstrumentationScope::builder("lambdio").with_version(env!("CARGO_PKG_VERSION")).build();
        TRACER.store(Some(Arc::new(Tracer { share: Share::new(settings.sample), scope, queue, overflow })));
        Ok(Self(Some(tokio::spawn(sender.send()))))
    }

    /// Sends the last spans, and ends. It takes three seconds at most.
    pub async fn stop(mut self) {
        let Some(mut sender) = self.0.take() else { return };
        // with the last one who can send, the queue ends
        TRACER.store(None);
        if timeout(FLUSH, &mut sender).await.is_err() {
            sender.abort();
            tracing::warn!("the last traces could not be sent within {FLUSH:?}, and are lost");
        }
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        TRACER.store(None);
    }
}

/// Sends what is in the queue.
struct Sender {
    exporter: Exporter,
    spans: mpsc::Receiver<SpanData>,
    /// As of the [`Tracer`].
    overflow: Arc<AtomicU64>,
    /// For warnings of single spans that are lost, while the collector is there.
    seldom: Seldom,
    /// How many were lost since the collector cannot be reached.
    lost_while_away: Option<u64>,
}

impl Sender {
    /// Until nobody can put anything into the queue, and it is empty.
    async fn send(mut self) {
        while let Some(batch) = self.next_batch().await {
            let spans = batch.len() as u64;
            let sent = self.exporter.send(batch).await;
            self.report(sent, spans);
        }
    }

    async fn next_batch(&mut self) -> Option<Vec<SpanData>> {
        let mut batch = vec![self.spans.recv().await?];
        let others = async {
            while batch.len() < BATCH
                && let Some(span) = self.spans.recv().await
            {
                batch.push(span);
            }
        };
        tokio::select! {
            () = others => {}
            () = sleep(DELAY) => {}
        }
        Some(batch)
    }

    /// Counts what became of spans. Tells the log when the collector goes and comes back, and now and then that spans are lost
    /// while it is there.
    fn report(&mut self, sent: Result<Rejected, String>, spans: u64) {
        let address = self.exporter.address();
        let overflow = self.overflow.swap(0, Ordering::Relaxed);
        count_spans(SpanOutcome::Overflow, overflow);
        match &sent {
            Ok(rejected) => {
                count_spans(SpanOutcome::Rejected, rejected.spans);
                count_spans(SpanOutcome::Sent, spans.saturating_sub(rejected.spans));
            }
            Err(_) => count_spans(SpanOutcome::Failed, spans),
        }
        match (sent, self.lost_while_away) {
            (Ok(rejected), None) => {
                if rejected.spans + overflow > 0 && self.seldom.count().is_some() {
                    let (rejected, reason) = (rejected.spans, rejected.reason);
                    tracing::warn!(
                        overflow,
                        rejected,
                        reason,
                        "traces are lost: {address} takes some of them only (otlp.sample makes them less)"
                    );
                }
            }
            (Ok(_), Some(before)) => {
                self.lost_while_away = None;
                tracing::info!(lost = before + overflow, "traces are sent again to {address}");
            }
            (Err(error), None) => {
                self.lost_while_away = Some(spans + overflow);
                tracing::warn!(%error, "traces cannot be sent to {address} (otlp.endpoint) and are lost until that works");
            }
            (Err(error), Some(before)) => {
                self.lost_while_away = Some(before + spans + overflow);
                tracing::debug!(%error, "traces still cannot be sent to {address}");
            }
        }
    }
}
