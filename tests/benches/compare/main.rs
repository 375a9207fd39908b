//! Compares lambdio with socketioxide used by hand and with Socket.IO on Node:
//! `cargo bench -p lambdio-tests --bench compare`.
//!
//! Starts the servers itself, one at a time, loads each from this process, and prints a table. The numbers are for
//! reading: a run fails only where a server or a row cannot run.
//!
//! - `arguments`: what to measure, and how long.
//! - `peers`: the servers that are compared; `building`: how they are made ready; `server`: one of them at work;
//!   `database`: what some of them need.
//! - `client`, `polling`: the load, over websockets and over HTTP.
//! - `rows`: what is measured, one file each; `metric`: the names of the numbers.
//! - `cores`, `machine`: where it runs.
//! - `record`, `table`, `targets`: what becomes of the numbers.

#![allow(clippy::cast_precision_loss, reason = "what is counted here stays far below 2^52")]

mod arguments;
mod building;
mod client;
mod cores;
mod database;
mod latencies;
mod login;
mod machine;
mod metric;
mod peers;
mod polling;
mod record;
mod rows;
mod server;
mod table;
mod targets;
mod token;

use arguments::Arguments;
use building::Programs;
use clap::Parser as _;
use cores::Cores;
use record::Record;
use rows::{Bench, Row};
use std::{error::Error, process::ExitCode};
use tokio::signal::unix::{SignalKind, signal};

/// Any failure; its text is all that matters here.
type Failure = Box<dyn Error>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    machine::allow_many_connections()?;
    let programs = Programs::prepare()?;
    let cores = Cores::find()?;
    cores.take_ours()?;
    let mut record = Record::create()?;
    let description = machine::describe(arguments, &programs, &cores);
    println!("{description}");
    record.describe(&description)?;

    let bench = Bench { programs, cores, scale: arguments.scale() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let tasks = tokio::task::LocalSet::new();
    let stopped = tasks.block_on(&runtime, async {
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        // the servers end with what is dropped here
        tokio::select! {
            measured = measure(arguments, &bench, &mut record) => measured.map(|()| false),
            _ = interrupt.recv() => Ok(true),
            _ = terminate.recv() => Ok(true),
        }
    })?;

    print!("{}", table::of(&record));
    print!("{}", targets::judge(&record));
    println!("\nraw results: {}", record.path().display());
    for failure in record.failures() {
        eprintln!("failed: {failure}");
    }
    if stopped {
        eprintln!("interrupted");
    }
    let complete = !stopped && record.failures().is_empty();
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every row, in rounds, each with one server after the other.
async fn measure(arguments: &Arguments, bench: &Bench, record: &mut Record) -> Result<(), Failure> {
    let rows: Vec<Row> = arguments.rows();
    for row in rows {
        for round in 0..arguments.rounds() {
            for peer in row.peers().iter().copied().filter(|peer| bench.programs.has(*peer)) {
                eprintln!("{row}, round {}: {peer}", round + 1);
                match row.measure(bench, peer).await {
                    Ok(values) => record.add(row, peer, round, &values)?,
                    Err(error) => record.fail(format!("{row}, round {}, {peer}: {error}", round + 1)),
                }
            }
        }
    }
    Ok(())
}
