//! Where metrics are shown: a listener of their own.

use super::{
    exporter::Exporter,
    sample::sample,
    visitors::{Rest, Visitors},
};
use crate::{
    app::AppState,
    config::Metrics,
    health::{self, Readiness},
    http::StallGuard,
};
use axum::{
    Router,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderValue, Request, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock, Weak},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    sync::Mutex,
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep},
};
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;

/// The text format of Prometheus.
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
/// How long a client may take for the head of a request, the wait for it included: longer than most pauses between two
/// scrapes, so that one connection does.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// How long a client may leave unread what it is sent.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Between two times at which histograms are tidied up.
const TIDY: Duration = Duration::from_secs(5);
/// Between two looks at what is looked up, where the recorder is the program's own.
const LOOK: Duration = Duration::from_secs(10);
/// How long to wait when no connection can be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why metrics are not served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MetricsError {
    #[error(
        "metrics.port: {0} is in use by another program. Choose another port (metrics.port in the configuration, or \
         LAMBDIO__METRICS__PORT; 0 takes any free one), or switch metrics off with metrics.enabled = false"
    )]
    InUse(SocketAddr),
    #[error("metrics: cannot listen on {0}: {1}")]
    Address(SocketAddr, io::Error),
}

impl MetricsError {
    /// Why this address could not be taken.
    pub fn of(address: SocketAddr, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::AddrInUse => Self::InUse(address),
            _ => Self::Address(address, error),
        }
    }
}

/// The application whose numbers are looked up, once it is there. Weak, so that one that has ended is not kept.
#[derive(Clone, Default)]
pub(super) struct Looked(Arc<OnceLock<Weak<AppState>>>);

impl Looked {
    /// It is there.
    pub fn is(&self, app: &Arc<AppState>) {
        // there is one in a process
        let _ = self.0.set(Arc::downgrade(app));
    }

    fn app(&self) -> Option<Arc<AppState>> {
        self.0.get()?.upgrade()
    }
}

/// What a request needs.
struct Shown {
    exporter: Exporter,
    looked: Looked,
    /// One request at a time: what is shown may be large.
    turn: Mutex<()>,
}

/// Takes the address, and shows metrics there until the tasks are dropped; those of the application from when it is there. Says
/// from the beginning whether the server works. Gives the address, with the port that was found for port 0.
///
/// # Errors
/// Where the address cannot be had.
pub(super) async fn show(
    metrics: &Metrics,
    exporter: Exporter,
    readiness: Arc<Readiness>,
    looked: Looked,
) -> Result<(SocketAddr, JoinSet<()>), MetricsError> {
    let address = SocketAddr::new(metrics.host, metrics.port);
    let failed = |error| MetricsError::of(address, error);
    let tcp = TcpListener::bind(address).await.map_err(failed)?;
    let address = tcp.local_addr().map_err(failed)?;
    let shown = Arc::new(Shown { exporter: exporter.clone(), looked, turn: Mutex::default() });
    let router = router(shown).nest("/health", health::router(readiness));
    let mut tasks = JoinSet::new();
    tasks.spawn(accept(tcp, router));
    tasks.spawn(every(TIDY, move || exporter.tidy()));
    Ok((address, tasks))
}

/// Looks up what is looked up every few seconds, for a recorder that is not ours, until the result is dropped.
#[must_use]
pub(super) fn look_now_and_then(looked: Looked) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(every(LOOK, move || {
        if let Some(app) = looked.app() {
            sample(&app, &Handle::current().metrics());
        }
    }));
    tasks
}

/// Does something again and again, off the threads that run handlers.
async fn every(pause: Duration, act: impl Fn() + Send + Sync + 'static) {
    let act = Arc::new(act);
    let mut ticks = interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let act = act.clone();
        // a panic was told already
        let _ = tokio::task::spawn_blocking(move || act()).await;
    }
}

fn router(shown: Arc<Shown>) -> Router {
    Router::new().route("/metrics", get(answer)).layer(CompressionLayer::new()).with_state(shown)
}

async fn answer(State(shown): State<Arc<Shown>>) -> Response {
    let _turn = shown.turn.lock().await;
    let (exporter, app) = (shown.exporter.clone(), shown.looked.app());
    let runtime = Handle::current().metrics();
    let text = tokio::task::spawn_blocking(move || {
        if let Some(app) = app {
            sample(&app, &runtime);
        }
        exporter.render()
    });
    match text.await {
        Ok(text) => {
            ([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, HeaderValue::from_static("no-store"))], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn accept(tcp: TcpListener, router: Router) {
    let mut visitors = Visitors::default();
    loop {
        match tcp.accept().await {
            Ok((stream, _)) => {
                // dropped, it is closed
                if visitors.make_room() {
                    let rest = Arc::<Rest>::default();
                    let task = tokio::spawn(serve(stream, router.clone(), rest.clone()));
                    visitors.add(task.abort_handle(), rest);
                }
            }
            Err(error) => {
                tracing::debug!(%error, "no connection to the metrics can be accepted");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Serves until the connection ends.
async fn serve(stream: TcpStream, router: Router, rest: Arc<Rest>) {
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let (router, answering) = (router.clone(), rest.interrupt());
        async move {
            let _answering = answering;
            router.oneshot(request.map(Body::new)).await
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(StallGuard::new(stream, STALL_TIMEOUT)), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection to the metrics ended with an error");
    }
}
