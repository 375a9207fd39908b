//! One network connection, as seen by those who do not own its stream.

use super::sessions::Moved;
use futures_util::task::AtomicWaker;
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Waker},
};

/// One network connection: how much went out, what is still to come, and the switch that ends it.
///
/// The stream itself belongs to hyper, and after an upgrade to the websocket; neither offers a way to end it from outside
/// while it writes. So the stream asks here before each step.
#[derive(Debug, Default)]
pub(crate) struct Link {
    written: AtomicU64,
    cut: AtomicBool,
    /// Of the present request.
    body: Body,
    reader: AtomicWaker,
    writer: AtomicWaker,
    /// The session that moved here from polling.
    moved: Mutex<Option<Moved>>,
}

/// What has come of a request's body.
#[derive(Debug, Default)]
struct Body {
    coming: AtomicBool,
    late: AtomicBool,
}

/// Which half of a stream waits.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Half {
    Reading,
    Writing,
}

impl Link {
    /// Bytes that went out since the beginning.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Counts bytes that went out.
    pub fn count(&self, bytes: usize) {
        self.written.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// A request has begun, perhaps with a body.
    pub fn request_begins(&self, has_body: bool) {
        self.body.coming.store(has_body, Ordering::Relaxed);
        self.body.late.store(false, Ordering::Relaxed);
    }

    /// All of the request's body was read.
    pub fn body_ended(&self) {
        self.body.coming.store(false, Ordering::Relaxed);
    }

    /// The request's body took too long.
    pub fn body_is_late(&self) {
        self.body.late.store(true, Ordering::Relaxed);
    }

    /// Whether there may be more of the request's body than was read.
    pub fn is_body_coming(&self) -> bool {
        self.body.coming.load(Ordering::Relaxed)
    }

    /// Whether the request's body took too long.
    pub fn is_body_late(&self) -> bool {
        self.body.late.load(Ordering::Relaxed)
    }

    /// Ends the connection: reading and writing fail from now on.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.reader.wake();
        self.writer.wake();
    }

    pub fn is_cut(&self) -> bool {
        self.cut.load(Ordering::SeqCst)
    }

    /// Remembers who waits, so that a cut is noticed at once. The caller asks [`is_cut`](Self::is_cut) afterwards.
    pub fn waits(&self, half: Half, cx: &Context<'_>) {
        self.waker(half).register(cx.waker());
    }

    /// Who waits in the other half, to be told of a failure.
    pub fn take_waker(&self, half: Half) -> Option<Waker> {
        self.waker(half).take()
    }

    fn waker(&self, half: Half) -> &AtomicWaker {
        match half {
            Half::Reading => &self.reader,
            Half::Writing => &self.writer,
        }
    }

    /// A polling session moved to this websocket.
    pub fn carries(&self, moved: Moved) {
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner) = Some(moved);
    }

    /// The stream is gone.
    pub fn closed(&self) {
        drop(self.moved.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
