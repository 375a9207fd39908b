//! A handler, by its name.

use crate::dispatch::Seldom;
use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

/// A handler as the log names it. There is one for each name in a process, and it is never given back: names are those in the
/// program's attributes.
pub(crate) struct Site {
    /// Its place among all, from 1.
    number: u32,
    kind: Kind,
    first: &'static str,
    second: &'static str,
    /// How often it was slow.
    pub slow: Seldom,
    /// How often it blocked a thread.
    pub blocked: Seldom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Event,
    Request,
}

static SITES: Mutex<Vec<&'static Site>> = Mutex::new(Vec::new());

impl Site {
    /// Of an event in a namespace; a catch-all is `*`, and connecting and disconnecting are events, too.
    pub fn of_event(namespace: &'static str, event: &'static str) -> &'static Self {
        Self::intern(Kind::Event, namespace, event)
    }

    /// Of a route.
    pub fn of_route(method: &'static str, path: &'static str) -> &'static Self {
        Self::intern(Kind::Request, method, path)
    }

    fn intern(kind: Kind, first: &'static str, second: &'static str) -> &'static Self {
        let mut sites = SITES.lock().unwrap_or_else(PoisonError::into_inner);
        let known = sites.iter().find(|site| site.kind == kind && site.first == first && site.second == second);
        if let Some(site) = known {
            return site;
        }
        let number = u32::try_from(sites.len()).unwrap_or(u32::MAX - 1) + 1;
        let (slow, blocked) = (Seldom::default(), Seldom::default());
        let site: &'static Self = Box::leak(Box::new(Self { number, kind, first, second, slow, blocked }));
        sites.push(site);
        site
    }

    /// The one with this number.
    pub(super) fn with_number(number: u32) -> Option<&'static Self> {
        let sites = SITES.lock().unwrap_or_else(PoisonError::into_inner);
        sites.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }

    /// Its place among all, from 1.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Of an event.
    pub(super) fn namespace(&self) -> Option<&'static str> {
        (self.kind == Kind::Event).then_some(self.first)
    }

    /// Of an event; a catch-all is `*`.
    pub fn event(&self) -> Option<&'static str> {
        (self.kind == Kind::Event).then_some(self.second)
    }

    /// Of a route.
    pub(super) fn method(&self) -> Option<&'static str> {
        (self.kind == Kind::Request).then_some(self.first)
    }

    /// Of a route.
    pub(super) fn route(&self) -> Option<&'static str> {
        (self.kind == Kind::Request).then_some(self.second)
    }

    /// Namespace and event, or method and path.
    pub(super) fn names(&self) -> (&'static str, &'static str) {
        (self.first, self.second)
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Site({} {})", self.first, self.second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_one_site() {
        let site = Site::of_event("/site", "one");
        assert!(std::ptr::eq(site, Site::of_event("/site", "one")));
        assert!(!std::ptr::eq(site, Site::of_route("/site", "one")));
        assert!(Site::with_number(site.number()).is_some_and(|found| std::ptr::eq(site, found)));
        assert!(Site::with_number(0).is_none());
    }
}
