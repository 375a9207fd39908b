//! What is counted of requests.

use super::catalogue::{HTTP_DURATION, HTTP_REQUESTS};
use http::{Method, StatusCode};
use metrics::{Counter, Histogram};
use std::{sync::OnceLock, time::Instant};

/// The classes of status, from 1xx on.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The methods that everybody knows; the last one stands for those that clients make up.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];

/// What is counted of the requests of one method to one route. Series that never occur are never made.
pub(crate) struct RouteMetrics {
    method: &'static str,
    route: &'static str,
    classes: [OnceLock<Counter>; CLASSES.len()],
    duration: OnceLock<Histogram>,
}

impl RouteMetrics {
    /// `route` is a template, such as `/documents/{id}`, or a name in parentheses.
    pub fn new(method: &'static str, route: &'static str) -> Self {
        Self { method, route, classes: std::array::from_fn(|_| OnceLock::new()), duration: OnceLock::new() }
    }

    /// A request that was accepted then is answered now.
    pub fn answered(&self, status: StatusCode, accepted: Instant) {
        self.count(status);
        let register = || metrics::histogram!(HTTP_DURATION, "method" => self.method, "route" => self.route);
        self.duration.get_or_init(register).record(accepted.elapsed());
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
pub(crate) struct ElsewhereMetrics([RouteMetrics; METHODS.len()]);

impl ElsewhereMetrics {
    /// `name` is in parentheses.
    pub fn new(name: &'static str) -> Self {
        Self(METHODS.map(|method| RouteMetrics::new(method, name)))
    }

    /// A request is answered.
    pub fn answered(&self, method: &Method, status: StatusCode) {
        let place = METHODS.iter().position(|known| method == known).unwrap_or(METHODS.len() - 1);
        if let Some(metrics) = self.0.get(place) {
            metrics.count(status);
        }
    }
}
