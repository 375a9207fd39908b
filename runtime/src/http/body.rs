//! The body of a request, which has to be here in time.

use crate::transport::Link;
use axum::{
    BoxError,
    body::{Body, Bytes},
};
use hyper::body::{Frame, SizeHint};
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Sleep, sleep};

/// A body that fails where not all of it has come after a while. The timer exists only where reading has to wait.
pub(super) struct TimelyBody {
    body: Body,
    limit: Duration,
    end: Option<Pin<Box<Sleep>>>,
    link: Arc<Link>,
}

/// Not all of a body has come in time.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the body took longer than server.body_timeout")]
pub(crate) struct Late;

impl TimelyBody {
    /// Gives `body` this long, counted from when it is first waited for. `link`, over which it comes, is told of its end.
    pub fn new(body: Body, limit: Duration, link: Arc<Link>) -> Self {
        Self { body, limit, end: None, link }
    }
}

impl hyper::body::Body for TimelyBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            if frame.is_none() || self.body.is_end_stream() {
                self.link.body_ended();
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let limit = self.limit;
        ready!(self.end.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(cx));
        self.link.body_is_late();
        Poll::Ready(Some(Err(Late.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use std::convert::Infallible;

    const LIMIT: Duration = Duration::from_secs(30);

    /// A body whose pieces come one by one, with this time before each.
    fn trickle(pieces: u8, pause: Duration) -> TimelyBody {
        let stream = futures_util::stream::unfold(0, move |piece| async move {
            sleep(pause).await;
            (piece < pieces).then_some((Ok::<_, Infallible>(vec![piece]), piece + 1))
        });
        TimelyBody::new(Body::from_stream(stream), LIMIT, Arc::default())
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_is_given_up() {
        let error = trickle(200, LIMIT / 100).collect().await.unwrap_err();
        assert!(error.to_string().contains("server.body_timeout"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_is_read() {
        let body = trickle(90, LIMIT / 100).collect().await.unwrap().to_bytes();
        assert_eq!(body.len(), 90);
    }
}
