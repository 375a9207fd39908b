//! Makes a line of what is told.

use super::{
    fields::{Fields, Line, Value},
    json,
    rules::Rules,
    scope::current,
    start::Output,
    text,
};
use crate::config::LogFormat;
use std::{borrow::Cow, time::SystemTime};
use tracing::{
    Event, Metadata, Subscriber,
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_subscriber::{
    Layer,
    layer::Context,
    registry::{LookupSpan, SpanRef},
};

/// Makes a line of what is told, and filters it. All rules are looked up when they are needed, so that they may change.
pub(super) struct Lines(pub &'static Output);

/// Fields of a span, kept with it.
struct OfSpan(Vec<(Cow<'static, str>, Value)>);

impl Lines {
    fn line<S>(&self, rules: &Rules, event: &Event<'_>, context: &Context<'_, S>) -> Vec<u8>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let metadata = event.metadata();
        let invocation = current();
        let mut fields = Fields::new(&rules.redact);
        if let Some(invocation) = invocation.as_ref().filter(|_| !is_ours(metadata.target())) {
            fields.reserve(invocation);
        }
        let mut spans = String::new();
        for span in context.event_scope(event).into_iter().flat_map(tracing_subscriber::registry::Scope::from_root) {
            spans.push_str(if spans.is_empty() { "" } else { ":" });
            spans.push_str(span.name());
            if let Some(OfSpan(list)) = span.extensions().get() {
                fields.add_all(list);
            }
        }
        event.record(&mut fields);
        if let Some(invocation) = &invocation {
            fields.add_invocation(invocation);
        }
        let (message, fields) = fields.into_parts();
        let line = Line {
            time: SystemTime::now(),
            level: *metadata.level(),
            target: metadata.target(),
            message,
            spans,
            fields: &fields,
        };
        match rules.format {
            LogFormat::Text => text::write(&line, self.0.colours),
            LogFormat::Json => json::write(&line),
        }
    }

    /// Adds fields to those of a span.
    fn keep<S>(&self, span: &SpanRef<'_, S>, record: impl FnOnce(&mut Fields<'_>))
    where
        S: for<'span> LookupSpan<'span>,
    {
        let rules = self.0.rules.load();
        let mut fields = Fields::new(&rules.redact);
        if let Some(invocation) = &current() {
            fields.reserve(invocation);
        }
        let mut extensions = span.extensions_mut();
        if let Some(OfSpan(known)) = extensions.get_mut() {
            fields.add_all(known);
        }
        record(&mut fields);
        extensions.replace(OfSpan(fields.into_parts().1));
    }
}

/// Whether the runtime tells it, which knows what its names mean.
fn is_ours(target: &str) -> bool {
    target.strip_prefix("lambdio").is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

impl<S> Layer<S> for Lines
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        let rules = self.0.rules.load();
        let interest = Layer::<S>::register_callsite(&rules.filter, metadata);
        if rules.are_alike_for_all() { interest } else { Interest::sometimes() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, context: Context<'_, S>) -> bool {
        let rules = self.0.rules.load();
        rules.of_handler(metadata).unwrap_or_else(|| rules.filter.enabled(metadata, context))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        self.0.rules.load().loudest()
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            self.keep(&span, |fields| attributes.record(fields));
        }
        self.0.rules.load().filter.on_new_span(attributes, id, context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            self.keep(&span, |fields| values.record(fields));
        }
        self.0.rules.load().filter.on_record(id, values, context);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let rules = self.0.rules.load();
        self.0.writer.write(&self.line(&rules, event, &context));
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.0.rules.load().filter.on_enter(id, context);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.0.rules.load().filter.on_exit(id, context);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.0.rules.load().filter.on_close(id, context);
    }
}
