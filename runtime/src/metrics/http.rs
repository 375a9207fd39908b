//! What is counted of requests.

use super::{
    catalogue::{HTTP_DURATION, HTTP_REQUESTS, ROUTE_QUEUE, ROUTE_REQUESTS},
    outcome::{OUTCOMES, outcome},
};
use crate::error::Error;
use http::{Method, StatusCode};
use metrics::{Counter, Histogram};
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// The classes of status, from 1xx on.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The methods that everybody knows; the last one stands for those that clients make up.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];

/// What is counted of the requests of one method to one route. Series that never occur are never made.
pub(crate) struct RouteMetrics {
    answers: Answers,
    outcomes: [OnceLock<Counter>; OUTCOMES],
    duration: OnceLock<Histogram>,
    queued: OnceLock<Histogram>,
}

impl RouteMetrics {
    /// `route` is a template, such as `/documents/{id}`.
    pub fn new(method: &'static str, route: &'static str) -> Self {
        Self {
            answers: Answers::new(method, route),
            outcomes: std::array::from_fn(|_| OnceLock::new()),
            duration: OnceLock::new(),
            queued: OnceLock::new(),
        }
    }

    /// A request that was accepted then is answered now.
    pub fn answered(&self, status: StatusCode, accepted: Instant, failure: Option<&Error>) {
        let Answers { method, route, .. } = self.answers;
        self.answers.count(status);
        let (place, outcome) = outcome(failure);
        if let Some(counter) = self.outcomes.get(place) {
            let register =
                || metrics::counter!(ROUTE_REQUESTS, "method" => method, "route" => route, "outcome" => outcome);
            counter.get_or_init(register).increment(1);
        }
        let register = || metrics::histogram!(HTTP_DURATION, "method" => method, "route" => route);
        self.duration.get_or_init(register).record(accepted.elapsed());
    }

    /// A handler has begun with a request that had waited so long.
    pub fn began(&self, waited: Duration) {
        let Answers { method, route, .. } = self.answers;
        let register = || metrics::histogram!(ROUTE_QUEUE, "method" => method, "route" => route);
        self.queued.get_or_init(register).record(waited);
    }
}

/// Answers by the class of their status.
struct Answers {
    method: &'static str,
    route: &'static str,
    classes: [OnceLock<Counter>; CLASSES.len()],
}

impl Answers {
    fn new(method: &'static str, route: &'static str) -> Self {
        Self { method, route, classes: std::array::from_fn(|_| OnceLock::new()) }
    }

    fn count(&self, status: StatusCode) {
        let place = usize::from(status.as_u16() / 100).saturating_sub(1);
        let (Some(counter), Some(class)) = (self.classes.get(place), CLASSES.get(place)) else { return };
        let register =
            || metrics::counter!(HTTP_REQUESTS, "method" => self.method, "route" => self.route, "status" => *class);
        counter.get_or_init(register).increment(1);
    }
}

/// What is counted of requests to something else than a route. How long they took says nothing: a poll waits.
pub(crate) struct ElsewhereMetrics([Answers; METHODS.len()]);

impl ElsewhereMetrics {
    /// `name` is in parentheses.
    pub fn new(name: &'static str) -> Self {
        Self(METHODS.map(|method| Answers::new(method, name)))
    }

    /// A request is answered.
    pub fn answered(&self, method: &Method, status: StatusCode) {
        let place = METHODS.iter().position(|known| method == known).unwrap_or(METHODS.len() - 1);
        if let Some(answers) = self.0.get(place) {
            answers.count(status);
        }
    }
}
