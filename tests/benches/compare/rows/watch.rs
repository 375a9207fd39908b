//! What tasks under load report, and what becomes of it.

use super::Scale;
use crate::{
    Failure,
    client::PATIENCE,
    latencies::Latencies,
    metric::{BUSY, CPU, P50, P99, RATE, Values, WAITING},
    server::Server,
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{sleep, timeout},
};

/// What tasks under load report to.
#[derive(Clone, Default)]
pub struct Watch(Rc<Seen>);

#[derive(Default)]
struct Seen {
    counting: Cell<bool>,
    latencies: RefCell<Latencies>,
    any: Notify,
}

impl Watch {
    /// Something was served, and took this long since it was asked for.
    pub fn served(&self, since: Instant) {
        if self.0.counting.get() {
            self.0.latencies.borrow_mut().add(since.elapsed());
        }
        self.0.any.notify_one();
    }

    /// Whether what is served now counts.
    pub fn is_counting(&self) -> bool {
        self.0.counting.get()
    }

    /// Lets the tasks load the server, first without counting. The tasks end only by failing, which is the row's failure.
    ///
    /// CPU and rate are those of one thing served, where each served thing with a latency stands for `each` of them.
    pub async fn load(
        &self,
        server: &Server,
        scale: &Scale,
        each: usize,
        mut tasks: JoinSet<Result<(), Failure>>,
    ) -> Result<Values, Failure> {
        let seen = &*self.0;
        let first = timeout(PATIENCE, seen.any.notified());
        during(&mut tasks, first).await?.map_err(|_| "nothing is answered")?;
        during(&mut tasks, sleep(scale.warm_up)).await?;

        seen.counting.set(true);
        let (time, start) = (server.time()?, Instant::now());
        during(&mut tasks, sleep(scale.load)).await?;
        let (time, took) = (server.time()?.since(time), start.elapsed());
        seen.counting.set(false);

        let mut latencies = seen.latencies.borrow_mut();
        if latencies.len() == 0 {
            return Err("nothing is answered while it is counted".into());
        }
        let count = latencies.len() * each;
        let percent = |part: Duration| 100.0 * part.as_secs_f64() / took.as_secs_f64();
        Ok(vec![
            (CPU, micros(time.running) / count as f64),
            (P50, latencies.percentile(0.5)),
            (P99, latencies.percentile(0.99)),
            (RATE, count as f64 / took.as_secs_f64()),
            (BUSY, percent(time.running)),
            (WAITING, percent(time.waiting)),
        ])
    }
}

/// Waits for something, unless a task ends before it.
async fn during<T>(tasks: &mut JoinSet<Result<(), Failure>>, awaited: impl Future<Output = T>) -> Result<T, Failure> {
    tokio::select! {
        done = awaited => Ok(done),
        Some(ended) = tasks.join_next() => {
            ended??;
            Err("a client ended before its time".into())
        }
    }
}

/// A duration in microseconds.
pub fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
