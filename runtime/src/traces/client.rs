//! The client for HTTP, which keeps what the exporter does not tell.

use crate::log::Causes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::{
    client::legacy::{self, connect::Connect},
    rt::TokioExecutor,
};
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use std::{
    fmt::Debug,
    mem,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

/// A longer answer is an error, in bytes.
const ANSWER: usize = 64 * 1024;

/// Sends requests over HTTP/1.1. How long that may take, its user says.
#[derive(Debug)]
pub(super) struct Client<C> {
    inner: legacy::Client<C, Full<Bytes>>,
    heard: LastHeard,
}

impl<C: Connect + Clone> Client<C> {
    /// One that connects by `connector`, and tells what it hears.
    pub fn new(connector: C, heard: LastHeard) -> Self {
        Self { inner: legacy::Client::builder(TokioExecutor::new()).build(connector), heard }
    }
}

type Answered<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'a>>;

impl<C: Connect + Clone + Debug + Send + Sync + 'static> HttpClient for Client<C> {
    fn send_bytes<'life, 'sent>(&'life self, request: Request<Bytes>) -> Answered<'sent>
    where
        'life: 'sent,
        Self: 'sent,
    {
        Box::pin(async move {
            let answer = answer(&self.inner, request).await;
            self.heard.put(Heard::of(&answer));
            answer
        })
    }
}

async fn answer<C: Connect + Clone + Send + Sync + 'static>(
    client: &legacy::Client<C, Full<Bytes>>,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, HttpError> {
    let (head, body) = client.request(request.map(Full::new)).await?.into_parts();
    let body = Limited::new(body, ANSWER).collect().await?.to_bytes();
    Ok(Response::from_parts(head, body))
}

/// What the last answer said, for who has the client and who uses it.
#[derive(Debug, Clone, Default)]
pub(super) struct LastHeard(Arc<Mutex<Heard>>);

impl LastHeard {
    /// It is told once.
    pub fn take(&self) -> Heard {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, heard: Heard) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = heard;
    }
}

/// What an answer said.
#[derive(Debug, Default)]
pub(super) enum Heard {
    /// Nothing that the exporter does not tell.
    #[default]
    Nothing,
    /// There was none: why the network failed.
    Failure(String),
    /// Some spans were not taken.
    Rejected(Rejected),
}

/// What a collector did not take of what it was sent.
#[derive(Debug, Default)]
pub(super) struct Rejected {
    /// How many spans.
    pub spans: u64,
    /// Why, in its words.
    pub reason: String,
}

impl Heard {
    fn of(answer: &Result<Response<Bytes>, HttpError>) -> Self {
        let response = match answer {
            Ok(response) if response.status().is_success() => response,
            Ok(_) => return Self::Nothing,
            Err(error) => return Self::Failure(Causes(&**error).to_string()),
        };
        let answer = ExportTraceServiceResponse::decode(response.body().clone()).unwrap_or_default();
        let Some(part) = answer.partial_success else { return Self::Nothing };
        let spans = u64::try_from(part.rejected_spans).unwrap_or_default();
        Self::Rejected(Rejected { spans, reason: part.error_message })
    }
}
