//! What the kernel says of the process.

#[cfg(target_os = "linux")]
use super::catalogue::{CATALOGUE, PROCESS_CPU};
use super::catalogue::{
    PROCESS_MAX_FDS, PROCESS_OPEN_FDS, PROCESS_RESIDENT, PROCESS_START, PROCESS_THREADS, PROCESS_VIRTUAL,
};
#[cfg(target_os = "linux")]
use procfs::{
    WithCurrentSystemInfo,
    process::{LimitValue, Process, Stat},
};

/// Looks up memory, file descriptors and threads.
#[cfg(target_os = "linux")]
#[expect(clippy::cast_precision_loss, reason = "gauges are numbers with 53 bits")]
pub(super) fn sample() {
    let Ok(process) = Process::myself() else { return };
    if let Ok(stat) = process.stat() {
        metrics::gauge!(PROCESS_RESIDENT).set(stat.rss_bytes().get() as f64);
        metrics::gauge!(PROCESS_VIRTUAL).set(stat.vsize as f64);
        metrics::gauge!(PROCESS_THREADS).set(stat.num_threads as f64);
        if let Some(started) = started(&stat) {
            metrics::gauge!(PROCESS_START).set(started);
        }
    }
    if let Ok(open) = process.fd_count() {
        metrics::gauge!(PROCESS_OPEN_FDS).set(open as f64);
    }
    if let Ok(limits) = process.limits() {
        let most = match limits.max_open_files.soft_limit {
            LimitValue::Value(most) => most as f64,
            LimitValue::Unlimited => f64::INFINITY,
        };
        metrics::gauge!(PROCESS_MAX_FDS).set(most);
    }
}

/// Seconds since 1970.
#[cfg(target_os = "linux")]
#[expect(clippy::cast_precision_loss, reason = "a time with fractions of a second")]
fn started(stat: &Stat) -> Option<f64> {
    let booted = procfs::boot_time_secs().ok()?;
    Some(booted as f64 + stat.starttime as f64 / procfs::ticks_per_second() as f64)
}

/// Adds the time on processors: a counter with fractions, which the recorder does not have.
#[cfg(target_os = "linux")]
#[expect(clippy::cast_precision_loss, reason = "a duration with fractions of a second")]
pub(super) fn render(text: &mut String) {
    use std::fmt::Write as _;
    let Some(stat) = Process::myself().ok().and_then(|process| process.stat().ok()) else { return };
    let seconds = (stat.utime + stat.stime) as f64 / procfs::ticks_per_second() as f64;
    let help = CATALOGUE.iter().find(|metric| metric.name == PROCESS_CPU).map_or("", |metric| metric.help);
    let _ = write!(text, "# HELP {PROCESS_CPU} {help}\n# TYPE {PROCESS_CPU} counter\n{PROCESS_CPU} {seconds:.2}\n");
}

#[cfg(not(target_os = "linux"))]
pub(super) fn sample() {}

#[cfg(not(target_os = "linux"))]
pub(super) fn render(_text: &mut String) {}
