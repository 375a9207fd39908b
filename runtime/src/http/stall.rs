//! Ends connections whose peer does not read, and those that are to end.

use super::linger::Linger;
use crate::transport::{Half, Link};
use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// A stream that fails, for reading too, once its peer has not read for a while or its [`Link`] was cut. Where the peer still
/// sends a request's body when it is shut down, it [lingers](Linger).
///
/// Without it the writer of a websocket waits for ever, and with it everything that the client holds: its rooms, its
/// queue, its place among those who are there. The transport minds only failed reads, so reading fails as well. The
/// timer exists only while a write waits.
pub(crate) struct StallGuard<S> {
    stream: S,
    limit: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    stalled: bool,
    link: Arc<Link>,
    /// There once the stream is shut down, and lingers.
    linger: Option<Box<Linger>>,
}

impl<S> StallGuard<S> {
    /// Writing to `stream` fails after `limit` without progress.
    pub fn new(stream: S, limit: Duration) -> Self {
        Self { stream, limit, waiting: None, stalled: false, link: Arc::default(), linger: None }
    }

    /// What others may know of the connection, and the switch that ends it.
    pub fn link(&self) -> &Arc<Link> {
        &self.link
    }

    /// Passes progress on, and counts the time without it.
    fn watch<T>(&mut self, cx: &mut Context<'_>, progress: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if progress.is_ready() {
            self.waiting = None;
            return progress;
        }
        self.link.waits(Half::Writing, cx);
        self.check()?;
        let limit = self.limit;
        ready!(self.waiting.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(cx));
        self.stalled = true;
        if let Some(reader) = self.link.take_waker(Half::Reading) {
            reader.wake();
        }
        Poll::Ready(Err(stalled()))
    }

    /// Fails where the connection is over.
    fn check(&self) -> io::Result<()> {
        if self.stalled {
            Err(stalled())
        } else if self.link.is_cut() {
            Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the server ended the connection"))
        } else {
            Ok(())
        }
    }

    /// Counts what was written.
    fn count(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = written {
            self.link.count(bytes);
        }
        written
    }
}

impl<S> Drop for StallGuard<S> {
    fn drop(&mut self) {
        self.link.closed();
    }
}

fn stalled() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the peer does not read")
}

impl<S: AsyncRead + Unpin> AsyncRead for StallGuard<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        let progress = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if progress.is_pending() {
            self.link.waits(Half::Reading, cx);
            self.check()?;
        }
        progress
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for StallGuard<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        let progress = Pin::new(&mut self.stream).poll_write(cx, bytes);
        let progress = self.count(progress);
        self.watch(cx, progress)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let progress = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        let progress = self.count(progress);
        self.watch(cx, progress)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        let progress = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(cx, progress)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut linger = match self.linger.take() {
            Some(linger) => linger,
            None => {
                let progress = Pin::new(&mut self.stream).poll_shutdown(cx);
                ready!(self.watch(cx, progress))?;
                if !self.link.is_body_coming() {
                    return Poll::Ready(Ok(()));
                }
                Box::new(Linger::new())
            }
        };
        let done = linger.poll(cx, self.as_mut());
        if done.is_pending() {
            self.linger = Some(linger);
        }
        done.map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const LIMIT: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_does_not_read_ends_the_connection() {
        let (ours, _theirs) = tokio::io::duplex(4);
        let mut guard = StallGuard::new(ours, LIMIT);
        let error = guard.write_all(&[0; 8]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_to_read_is_told_of_the_stall() {
        let (ours, _theirs) = tokio::io::duplex(4);
        let (mut reading, mut writing) = tokio::io::split(StallGuard::new(ours, LIMIT));
        let reader = tokio::spawn(async move { reading.read_u8().await.unwrap_err().kind() });
        tokio::task::yield_now().await;
        assert!(writing.write_all(&[0; 8]).await.is_err());
        assert_eq!(reader.await.unwrap(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_cut_ends_reading_and_writing_at_once() {
        let (ours, _theirs) = tokio::io::duplex(4);
        let guard = StallGuard::new(ours, LIMIT);
        let link = guard.link().clone();
        let (mut reading, mut writing) = tokio::io::split(guard);
        let reader = tokio::spawn(async move { reading.read_u8().await.unwrap_err().kind() });
        let writer = tokio::spawn(async move { writing.write_all(&[0; 8]).await.unwrap_err().kind() });
        while link.written() < 4 {
            tokio::task::yield_now().await;
        }
        link.cut();
        assert_eq!(reader.await.unwrap(), io::ErrorKind::ConnectionAborted);
        assert_eq!(writer.await.unwrap(), io::ErrorKind::ConnectionAborted);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_is_fine() {
        let (ours, mut theirs) = tokio::io::duplex(4);
        let mut guard = StallGuard::new(ours, LIMIT);
        let reader = tokio::spawn(async move {
            let mut read = Vec::new();
            for _ in 0..8 {
                sleep(LIMIT / 2).await;
                read.push(theirs.read_u8().await.unwrap());
            }
            read
        });
        guard.write_all(&[7; 8]).await.unwrap();
        drop(guard);
        assert_eq!(reader.await.unwrap(), [7; 8]);
    }
}
