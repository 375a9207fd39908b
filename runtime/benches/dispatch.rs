//! The dispatcher's own cost: events through everything that a server has but the network, on one thread, the client's work
//! included.
//!
//! `cargo bench -p lambdio --bench dispatch`; with `-- --test` each row runs once. What matters is how the rows compare, and
//! with an earlier run of the same machine. What a thousand handlers cost is a row of the benchmark `compare`, since all
//! handlers of a program are in all its applications.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark that does not run says why")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::join_all;
use lambdio::{App, InProcess, prelude::*, testing::Client};
use metrics_exporter_prometheus::PrometheusBuilder;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Events that are under way at the same time, where a client does not wait for each answer.
const BURST: u64 = 32;
/// Clients of the fan-out.
const LISTENERS: u64 = 100;
const TEXT: &str = "the quick brown fox";

#[handler(namespace = "/echo", event = "echo")]
async fn echo(Data(text): Data<String>) -> String {
    text
}

#[handler(namespace = "/around", event = "echo")]
async fn echo_inside(Data(text): Data<String>) -> String {
    text
}

#[middleware(event, namespace = "/around", order = 1)]
async fn around(next: Next) -> Result<Reply, lambdio::Error> {
    next.run().await
}

#[event(namespace = "/fan", name = "heard")]
struct Heard(String);

#[handler(namespace = "/fan", event = "shout")]
async fn shout(Data(text): Data<String>, emitter: Emitter) -> Result<(), lambdio::Error> {
    emitter.all().emit(&Heard(text))?;
    Ok(())
}

/// An application on a runtime of one thread.
struct Bench {
    runtime: Runtime,
    app: InProcess,
}

impl Bench {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let app = runtime.block_on(App::new().in_process([""; 0])).unwrap();
        Self { runtime, app }
    }

    fn clients(&self, namespace: &str, count: u64) -> Vec<Client> {
        let connecting = (0..count).map(|_| self.app.client(namespace));
        self.runtime
            .block_on(async { futures_util::future::try_join_all(connecting.map(IntoFuture::into_future)).await })
            .unwrap()
    }

    /// How long `rounds` rounds take.
    fn time(&self, rounds: u64, round: impl AsyncFn()) -> Duration {
        self.runtime.block_on(async {
            let started = Instant::now();
            for _ in 0..rounds {
                round().await;
            }
            started.elapsed()
        })
    }
}

async fn ask(client: &Client) {
    let answer: String = client.ask("echo", &TEXT).await.unwrap();
    assert_eq!(answer, TEXT);
}

/// One question after the other.
fn one_by_one(criterion: &mut Criterion) {
    let bench = Bench::start();
    let mut group = criterion.benchmark_group("echo, one by one");
    group.throughput(Throughput::Elements(1));
    for (row, namespace) in [("plain", "/echo"), ("with middleware", "/around")] {
        let clients = bench.clients(namespace, 1);
        group.bench_function(row, |bencher| {
            bencher.iter_custom(|rounds| bench.time(rounds, async || join_all(clients.iter().map(ask)).await.clear()));
        });
    }
    group.finish();
}

/// Many questions at once.
fn burst(criterion: &mut Criterion) {
    let bench = Bench::start();
    let mut group = criterion.benchmark_group("echo, 32 at once");
    group.throughput(Throughput::Elements(BURST));
    for (row, namespace) in [("plain", "/echo"), ("with middleware", "/around")] {
        let clients = bench.clients(namespace, 1);
        group.bench_function(row, |bencher| {
            let round = async || {
                let questions = clients.iter().flat_map(|client| (0..BURST).map(move |_| ask(client)));
                join_all(questions).await.clear();
            };
            bencher.iter_custom(|rounds| bench.time(rounds, round));
        });
    }
    group.finish();
}

/// One event to everybody.
fn fan_out(criterion: &mut Criterion) {
    let bench = Bench::start();
    let mut group = criterion.benchmark_group("fan-out");
    group.throughput(Throughput::Elements(LISTENERS));
    let clients = bench.clients("/fan", LISTENERS);
    group.bench_function("to 100", |bencher| {
        let round = async || {
            clients.iter().take(1).for_each(|client| client.emit("shout", &TEXT).unwrap());
            for heard in join_all(clients.iter().map(|client| client.next::<String>("heard"))).await {
                assert_eq!(heard.unwrap(), TEXT);
            }
        };
        bencher.iter_custom(|rounds| bench.time(rounds, round));
    });
    group.finish();
}

/// One question after the other, and many at once, while a recorder counts, as it does in a server. The last row, as a recorder
/// stays for the rest of the process.
fn counted(criterion: &mut Criterion) {
    let recorder = PrometheusBuilder::new().set_buckets(&[0.001, 0.01, 0.1, 1.0, 10.0]).unwrap().build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() {
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(5));
                handle.run_upkeep();
            }
        });
    }
    let bench = Bench::start();
    let clients = bench.clients("/echo", 1);
    let mut group = criterion.benchmark_group("echo, counted");
    for (row, burst) in [("one by one", 1), ("32 at once", BURST)] {
        group.throughput(Throughput::Elements(burst));
        group.bench_function(row, |bencher| {
            let round = async || {
                let questions = clients.iter().flat_map(|client| (0..burst).map(move |_| ask(client)));
                join_all(questions).await.clear();
            };
            bencher.iter_custom(|rounds| bench.time(rounds, round));
        });
    }
    group.finish();
}

criterion_group!(benches, one_by_one, burst, fan_out, counted);
criterion_main!(benches);
