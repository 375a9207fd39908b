//! Reads on for a while before a connection is closed.

use std::{
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// How long a client may send on at most.
const LONGEST: Duration = Duration::from_secs(10);
/// How long a client may send nothing.
const QUIET: Duration = Duration::from_secs(2);
/// How many bytes a client may send on.
const MOST: usize = 16 * 1024 * 1024;
/// What one system call reads at most.
const CHUNK: usize = 8 * 1024;

/// Drops what a client still sends, after an answer that did not wait for all of it.
///
/// A connection that is closed while bytes arrive is reset, and then the client, or a proxy in between, may lose an answer
/// that it has not read yet (RFC 9112, section 9.6). So the server reads on, until the client has closed its side, which it
/// does once it has read the answer and seen its end. Bounded in time and bytes: the connection keeps its place meanwhile.
pub(super) struct Linger {
    quiet: Pin<Box<Sleep>>,
    end: Instant,
    dropped: usize,
}

impl Linger {
    /// From now on.
    pub fn new() -> Self {
        let now = Instant::now();
        Self { quiet: Box::pin(sleep_until(now + QUIET)), end: now + LONGEST, dropped: 0 }
    }

    /// Ready once the connection may be closed. Nothing may be read from `stream` any more.
    pub fn poll(&mut self, cx: &mut Context<'_>, mut stream: Pin<&mut impl AsyncRead>) -> Poll<()> {
        let mut chunk = [MaybeUninit::uninit(); CHUNK];
        while self.dropped < MOST {
            let mut chunk = ReadBuf::uninit(&mut chunk);
            match stream.as_mut().poll_read(cx, &mut chunk) {
                Poll::Pending => return self.quiet.as_mut().poll(cx),
                Poll::Ready(Ok(())) if !chunk.filled().is_empty() => {
                    self.dropped += chunk.filled().len();
                    self.quiet.as_mut().reset(self.end.min(Instant::now() + QUIET));
                }
                // it has closed its side, or all of it
                Poll::Ready(_) => return Poll::Ready(()),
            }
        }
        Poll::Ready(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use tokio::{
        io::{AsyncWriteExt, DuplexStream, duplex},
        time::sleep,
    };

    /// How long it lingers.
    async fn linger(mut stream: DuplexStream) -> Duration {
        let (start, mut linger) = (Instant::now(), Linger::new());
        poll_fn(|cx| linger.poll(cx, Pin::new(&mut stream))).await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_closes_ends_it() {
        let (mut theirs, ours) = duplex(64);
        let client = tokio::spawn(async move {
            theirs.write_all(&[0; 1000]).await.unwrap();
            sleep(QUIET / 2).await;
        });
        assert_eq!(linger(ours).await.as_secs(), (QUIET / 2).as_secs());
        client.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_says_nothing_is_not_waited_for() {
        let (_theirs, ours) = duplex(64);
        assert_eq!(linger(ours).await.as_secs(), QUIET.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_trickles_is_given_up() {
        let (mut theirs, ours) = duplex(64);
        tokio::spawn(async move {
            while theirs.write_u8(0).await.is_ok() {
                sleep(QUIET / 2).await;
            }
        });
        assert_eq!(linger(ours).await.as_secs(), LONGEST.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_never_stops_is_given_up() {
        let (mut theirs, ours) = duplex(CHUNK);
        let client = tokio::spawn(async move {
            let mut sent = 0;
            while theirs.write_all(&[0; CHUNK]).await.is_ok() {
                sent += CHUNK;
            }
            sent
        });
        linger(ours).await;
        assert!((MOST..=MOST + 2 * CHUNK).contains(&client.await.unwrap()));
    }
}
