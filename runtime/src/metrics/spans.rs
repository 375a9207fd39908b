//! What is counted of the spans of traces.

use super::catalogue::SPANS;

/// What became of a span.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SpanOutcome {
    /// The collector has it.
    Sent,
    /// It found no room in the queue.
    Overflow,
    /// The collector could not be reached, or had no answer but an error.
    Failed,
    /// The collector did not take it.
    Rejected,
}

impl SpanOutcome {
    const ALL: [Self; 4] = [Self::Sent, Self::Overflow, Self::Failed, Self::Rejected];

    /// The label.
    fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Overflow => "overflow",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
        }
    }
}

/// This became of so many spans.
pub(crate) fn count_spans(outcome: SpanOutcome, spans: u64) {
    metrics::counter!(SPANS, "outcome" => outcome.name()).increment(spans);
}

/// They are counted from zero on, in programs that make none, too: what is made of the metrics is the same for all.
pub(super) fn show_spans() {
    for outcome in SpanOutcome::ALL {
        count_spans(outcome, 0);
    }
}
