//! One part of an application that can be away.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

/// How a part is at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    /// It has not been ready yet.
    Starting,
    /// It does its work.
    Ready,
    /// It was ready, or should be, and is not.
    Unavailable,
    /// It is about to end.
    Stopping,
}

impl State {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Unavailable => "unavailable",
            Self::Stopping => "stopping",
        }
    }

    const fn of(number: u8) -> Self {
        match number {
            1 => Self::Ready,
            2 => Self::Unavailable,
            3 => Self::Stopping,
            _ => Self::Starting,
        }
    }
}

/// A part of the application without which `GET /health/ready` says no, made by
/// [`Startup::readiness`](crate::Startup::readiness). Clones are the same part.
///
/// It is `starting` until one of the two is called.
#[derive(Clone)]
pub struct ReadinessPart(Arc<AtomicU8>);

impl ReadinessPart {
    pub(crate) fn starting() -> Self {
        Self(Arc::new(AtomicU8::new(State::Starting as u8)))
    }

    /// It does its work from now on.
    pub fn ready(&self) {
        self.set(State::Ready);
    }

    /// It is away, until [`ready`](Self::ready).
    pub fn unavailable(&self) {
        self.set(State::Unavailable);
    }

    pub(super) fn set(&self, state: State) {
        self.0.store(state as u8, Ordering::Relaxed);
    }

    pub(crate) fn state(&self) -> State {
        State::of(self.0.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for ReadinessPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReadinessPart").field(&self.state()).finish()
    }
}
