//! What is told at all, in which form, and what is hidden.

use crate::config::{LogFormat, LogLevel, Settings};
use std::collections::HashMap;
use tracing::{Metadata, level_filters::LevelFilter};
use tracing_subscriber::{EnvFilter, filter::ParseError};

use super::{Invocation, scope::look};

/// What is told at all, in which form, and what is hidden. Never changed, only replaced.
pub(super) struct Rules {
    pub filter: EnvFilter,
    pub format: LogFormat,
    pub redact: Redact,
    /// Levels of single handlers: by namespace and event, or by method and path.
    handlers: HashMap<(String, String), LevelFilter>,
    /// The most that one of them tells.
    loudest: Option<LevelFilter>,
}

impl Rules {
    /// Those of the settings.
    ///
    /// # Errors
    /// Where `log.level` is no filter. The settings are checked for that when they are read.
    pub fn new(settings: &Settings) -> Result<Self, ParseError> {
        let events = settings.handlers.iter().flat_map(|(namespace, events)| {
            let level = move |(event, own): (&String, &crate::config::HandlerSettings)| {
                own.log_level.map(|level| ((namespace.clone(), event.clone()), filter(level)))
            };
            events.iter().filter_map(level)
        });
        let routes = settings.routes.iter().filter_map(|(route, own)| {
            let (method, path) = route.split_once(' ')?;
            own.log_level.map(|level| ((method.to_owned(), path.to_owned()), filter(level)))
        });
        let handlers: HashMap<_, _> = events.chain(routes).collect();
        Ok(Self {
            filter: EnvFilter::builder().parse(&settings.log.level)?,
            format: settings.log.format,
            redact: Redact::new(&settings.log.redact),
            loudest: handlers.values().copied().max(),
            handlers,
        })
    }

    /// Whether no handler has a level of its own.
    pub fn are_alike_for_all(&self) -> bool {
        self.handlers.is_empty()
    }

    /// The most that is told at all.
    pub fn loudest(&self) -> Option<LevelFilter> {
        match self.loudest {
            Some(loudest) => Some(self.filter.max_level_hint()?.max(loudest)),
            None => self.filter.max_level_hint(),
        }
    }

    /// Whether the handler that is running here has a level of its own, and whether that is told under it.
    pub fn of_handler(&self, metadata: &Metadata<'_>) -> Option<bool> {
        if self.handlers.is_empty() {
            return None;
        }
        let level = look(|invocation| self.level_of(invocation))??;
        Some(*metadata.level() <= level)
    }

    fn level_of(&self, invocation: &Invocation) -> Option<LevelFilter> {
        let (first, second) = invocation.site()?.names();
        self.handlers.iter().find_map(|(name, level)| (name.0 == first && name.1 == second).then_some(*level))
    }
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Trace => LevelFilter::TRACE,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Off => LevelFilter::OFF,
    }
}

/// Names of fields whose values are hidden.
#[derive(Debug)]
pub(super) struct Redact(Vec<String>);

impl Redact {
    fn new(names: &[String]) -> Self {
        Self(names.to_vec())
    }

    /// Whether the value of this field is hidden: by its whole name, or what is behind its last dot. Case does not matter.
    pub fn hides(&self, field: &str) -> bool {
        let last = field.rsplit('.').next().unwrap_or(field);
        self.0.iter().any(|name| name.eq_ignore_ascii_case(field) || name.eq_ignore_ascii_case(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_hidden_by_their_names() {
        let redact = Redact::new(&["password".to_owned(), "api_key".to_owned()]);
        for field in ["password", "PassWord", "user.password", "login.form.API_KEY"] {
            assert!(redact.hides(field), "{field}");
        }
        for field in ["passwords", "password.length", "", ".", "key"] {
            assert!(!redact.hides(field), "{field}");
        }
    }
}
