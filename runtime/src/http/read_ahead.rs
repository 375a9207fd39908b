//! Reads much at once, keeps little, and gives way to other connections.

use bytes::{Buf, Bytes};
use std::{
    cell::RefCell,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What one system call reads at most where the reader asks for less.
const CHUNK: usize = 32 * 1024;

/// After so much, others have their turn.
const TURN: usize = 8 * 1024;

thread_local! {
    /// Shared by all connections: nothing is in it between two calls.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; CHUNK]);
}

/// A stream whose reader has a small buffer.
///
/// A websocket's buffer is there as long as the connection, idle or not, so it is small. That would be one system call for
/// each bit of a large message: instead one call reads what is there, and the rest is kept until the reader has had it.
///
/// Who sends as fast as it can always has something to read. tokio lets a task read 128 times before others have their turn,
/// which would be a hundred thousand small events.
pub(super) struct ReadAhead<S> {
    stream: S,
    rest: Bytes,
    /// How much was read since the reader last had to wait.
    in_a_row: usize,
}

impl<S> ReadAhead<S> {
    pub fn new(stream: S) -> Self {
        Self { stream, rest: Bytes::new(), in_a_row: 0 }
    }
}

impl<S: AsyncRead + Unpin> ReadAhead<S> {
    fn poll_ahead(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.rest.has_remaining() {
            let fits = self.rest.len().min(buffer.remaining());
            buffer.put_slice(&self.rest.split_to(fits));
            if self.rest.is_empty() {
                self.rest = Bytes::new();
            }
            return Poll::Ready(Ok(()));
        }
        if buffer.remaining() >= CHUNK / 8 {
            return Pin::new(&mut self.stream).poll_read(cx, buffer);
        }
        SCRATCH.with_borrow_mut(|scratch| {
            let mut scratch = ReadBuf::new(scratch);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut scratch))?;
            let (now, later) = scratch.filled().split_at(scratch.filled().len().min(buffer.remaining()));
            buffer.put_slice(now);
            if !later.is_empty() {
                self.rest = Bytes::copy_from_slice(later);
            }
            Poll::Ready(Ok(()))
        })
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ReadAhead<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.in_a_row >= TURN {
            this.in_a_row = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        let read = this.poll_ahead(cx, buffer);
        this.in_a_row = if read.is_pending() { 0 } else { this.in_a_row + (buffer.filled().len() - before) };
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ReadAhead<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn everything_arrives_in_order_whatever_the_reader_asks_for() {
        let (mut theirs, ours) = tokio::io::duplex(100_000);
        let sent: Vec<u8> = (0..=255).cycle().take(90_000).collect();
        theirs.write_all(&sent).await.unwrap();
        drop(theirs);
        let mut stream = ReadAhead::new(ours);
        let mut read = Vec::new();
        for size in [1, 7, 512, 4096, 10_000].into_iter().cycle() {
            let mut buffer = vec![0; size];
            match stream.read(&mut buffer).await.unwrap() {
                0 => break,
                count => read.extend_from_slice(&buffer[..count]),
            }
        }
        assert!(read == sent);
        assert!(stream.rest.is_empty());
    }

    #[tokio::test]
    async fn who_sends_without_end_lets_others_have_their_turn() {
        let (mut theirs, ours) = tokio::io::duplex(100_000);
        theirs.write_all(&vec![0; 100_000]).await.unwrap();
        let mut stream = ReadAhead::new(ours);
        let (mut read, mut longest, mut in_a_row) = (0, 0, 0);
        while read < 100_000 {
            let mut buffer = [0; 4000];
            match futures_util::poll!(std::pin::pin!(stream.read(&mut buffer))) {
                Poll::Ready(count) => {
                    let count = count.unwrap();
                    (read, in_a_row) = (read + count, in_a_row + count);
                    longest = longest.max(in_a_row);
                }
                Poll::Pending => in_a_row = 0,
            }
        }
        assert!(longest <= TURN + 4000, "{longest} bytes in a row");
    }
}
