//! The keeper with shell scripts for a `mongod`.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use super::*;

const SHORT: Backoff = Backoff {
    first: Duration::from_millis(20),
    longest: Duration::from_millis(100),
    recovered_after: Duration::from_secs(60),
};

fn keeper(script: &str, backoff: Backoff) -> Keeper {
    let script = script.to_owned();
    Keeper::start(move || Command::new("sh").args(["-c", &script]).spawn(), PathBuf::from("/nonexistent"), backoff)
        .unwrap()
}

/// Appends a line a start, so that starts can be counted.
fn counting(file: &Path, then: &str) -> String {
    format!("echo started >> '{}'; {then}", file.display())
}

async fn starts_reach(file: &Path, wanted: usize) {
    let until = Instant::now() + Duration::from_secs(10);
    while fs::read_to_string(file).unwrap_or_default().lines().count() < wanted {
        assert!(Instant::now() < until, "not started {wanted} times");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_end_before_supervision_is_told_and_not_repaired() {
    let keeper = keeper("exit 48", SHORT);
    let End::Exited(status) = keeper.ended().await else { panic!("no exit status") };
    assert_eq!(status.code(), Some(48));
    assert_eq!(keeper.pid(), None);
}

#[tokio::test]
async fn what_cannot_be_spawned_is_told() {
    let keeper = Keeper::start(|| Command::new("/nonexistent").spawn(), PathBuf::new(), SHORT).unwrap();
    let End::NotSpawned(error) = keeper.ended().await else { panic!("spawned") };
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
}

/// A script that ends when this file is there.
fn until_there(file: &Path) -> String {
    format!("while [ ! -e '{}' ]; do sleep 0.01; done", file.display())
}

#[tokio::test]
async fn a_supervised_process_is_started_again_until_it_is_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let starts = dir.path().join("starts");
    let go = dir.path().join("go");
    let keeper = keeper(&counting(&starts, &until_there(&go)), SHORT);
    keeper.supervise();
    fs::write(&go, "").unwrap();
    starts_reach(&starts, 3).await;
    keeper.stop().await;
    let stopped_at = fs::read_to_string(&starts).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(fs::read_to_string(&starts).unwrap(), stopped_at);
}

#[tokio::test]
async fn stopping_during_a_pause_ends_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let starts = dir.path().join("starts");
    let long = Backoff { first: Duration::from_secs(600), ..SHORT };
    let go = dir.path().join("go");
    let keeper = keeper(&counting(&starts, &until_there(&go)), long);
    keeper.supervise();
    fs::write(&go, "").unwrap();
    starts_reach(&starts, 1).await;
    while keeper.pid().is_some() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let begun = Instant::now();
    keeper.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn who_ignores_sigterm_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let starts = dir.path().join("starts");
    let script = format!("trap '' TERM; {}", counting(&starts, "while :; do sleep 0.05; done"));
    let keeper = keeper(&script, SHORT);
    starts_reach(&starts, 1).await;
    keeper.stop_within(Duration::from_millis(200)).await;
    let End::Exited(status) = keeper.ended().await else { panic!("no exit status") };
    assert_eq!(status.signal(), Some(9));
}

#[tokio::test]
async fn a_dropped_keeper_ends_its_process() {
    let keeper = keeper("exec sleep 600", SHORT);
    keeper.supervise();
    while keeper.pid().is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut end = keeper.end.clone();
    drop(keeper);
    let end = end.wait_for(Option::is_some).await.unwrap().clone();
    let Some(End::Exited(status)) = end else { panic!("no exit status") };
    assert_eq!(status.signal(), Some(15));
}
