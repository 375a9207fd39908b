//! What was killed, cut short, lost or damaged.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use super::*;

const DATA_DIR: &str = "LAMBDIO_TEST_DATA_DIR";

/// Starts the `mongod` of the embedded database as a process of our own, as someone else's.
fn start_by_hand(dir: &TempDir) -> Child {
    let db = dir.path().canonicalize().unwrap().join("data/db");
    Command::new(locate::locate(None, None).unwrap())
        .args(["--bind_ip", "127.0.0.1", "--nounixsocket", "--replSet", "rs0", "--port"])
        .arg(launch::free_port().unwrap().to_string())
        .arg("--dbpath")
        .arg(db)
        .stdout(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn a_killed_mongod_is_started_again_and_the_same_client_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = start(&dir).await;
    let notes = notes(&embedded);
    notes.insert_one(doc! { "_id": 1 }).await.unwrap();
    for round in 2..5 {
        let killed = process(&embedded);
        kill_process(killed, Signal::KILL).unwrap();
        let begun = Instant::now();
        // The driver waits for a primary, and an insert of known `_id` may be repeated.
        notes.insert_one(doc! { "_id": round }).await.unwrap();
        eprintln!("written {:?} after the kill", begun.elapsed());
        assert_ne!(process(&embedded), killed);
    }
    assert_eq!(notes.count_documents(doc! {}).await.unwrap(), 4);
    embedded.stop().await;
}

#[tokio::test]
async fn an_orphan_is_ended_and_its_data_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = start(&dir).await;
    notes(&embedded).insert_one(doc! { "_id": 1 }).await.unwrap();
    embedded.stop().await;

    let mut orphan = start_by_hand(&dir);
    let lock = dir.path().join("data/db/mongod.lock");
    let pid = orphan.id().to_string();
    until("the orphan has its lock", async || fs::read_to_string(&lock).unwrap().trim() == pid).await;
    let embedded = start(&dir).await;
    assert!(orphan.try_wait().unwrap().is_some(), "the orphan still runs");
    assert_eq!(notes(&embedded).count_documents(doc! {}).await.unwrap(), 1);
    embedded.stop().await;
}

#[tokio::test]
async fn a_start_cut_short_anywhere_is_completed_by_the_next_one() {
    let dir = tempfile::tempdir().unwrap();
    start(&tempfile::tempdir().unwrap()).await.stop().await; // A download would not be cut short.
    let db = dir.path().canonicalize().unwrap().join("data/db");
    for milliseconds in [50, 150, 250, 350, 450, 550, 650, 750] {
        let options = EmbeddedOptions::new(dir.path().join("data"));
        let cut_short = tokio::time::timeout(Duration::from_millis(milliseconds), Embedded::start(options)).await;
        // SIGKILL, as a power failure would.
        let lock = fs::read_to_string(db.join("mongod.lock")).unwrap_or_default();
        if let Some(pid) = lock.trim().parse().ok().and_then(Pid::from_raw)
            && orphan::is_mongod_on(pid, &db)
        {
            let _ = kill_process(pid, Signal::KILL);
        }
        drop(cut_short);
    }
    // A thread may still look at the folder for the last of them.
    let data = dir.path().join("data");
    until("nobody uses the folder", async || data_dir::user_of(&data).unwrap().is_none()).await;
    let embedded = start(&dir).await;
    notes(&embedded).insert_one(doc! {}).await.unwrap();
    embedded.stop().await;
}

#[tokio::test]
async fn a_start_that_is_called_off_leaves_no_mongod() {
    let dir = tempfile::tempdir().unwrap();
    start(&dir).await.stop().await;
    let db = dir.path().canonicalize().unwrap().join("data/db");
    let options = EmbeddedOptions::new(dir.path().join("data"));
    let runs = || orphan::command_line_on(&db).is_some();
    // A mongod that hangs at the moment it is there: only SIGKILL ends it.
    let hangs = until("mongod runs", async || {
        let lock = fs::read_to_string(db.join("mongod.lock")).unwrap_or_default();
        let mongod = lock.trim().parse().ok().and_then(Pid::from_raw).filter(|_| runs());
        mongod.is_some_and(|mongod| kill_process(mongod, Signal::STOP).is_ok())
    });
    let error = Embedded::start_unless(hangs, options).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::CalledOff), "{error:?}");
    assert!(!runs(), "its mongod still runs");
    start(&dir).await.stop().await;
}

#[tokio::test]
async fn lost_secrets_are_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = start(&dir).await;
    notes(&embedded).insert_one(doc! {}).await.unwrap();
    let before = embedded.password.clone();
    embedded.stop().await;
    for secret in ["password", "mongod.key"] {
        fs::remove_file(dir.path().join("data").join(secret)).unwrap();
    }
    let embedded = start(&dir).await;
    assert_ne!(embedded.password, before);
    assert_eq!(notes(&embedded).count_documents(doc! {}).await.unwrap(), 1);
    embedded.stop().await;
}

#[tokio::test]
async fn damaged_data_files_are_told_with_the_logs_words() {
    let dir = tempfile::tempdir().unwrap();
    start(&dir).await.stop().await;
    fs::write(dir.path().join("data/db/WiredTiger.turtle"), "nonsense").unwrap();
    fs::write(dir.path().join("data/db/WiredTiger"), "nonsense").unwrap();
    let begun = Instant::now();
    let error = Embedded::start(EmbeddedOptions::new(dir.path().join("data"))).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::Exited { .. }), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(20), "noticed after {:?}", begun.elapsed());
    eprintln!("{error}");
    assert!(error.to_string().contains("mongod.log"), "{error}");
}

/// Not a test: what the one below starts as a process of its own.
#[tokio::test]
#[ignore = "started by another test"]
async fn a_runtime_to_be_killed() {
    let Some(data_dir) = std::env::var_os(DATA_DIR) else {
        return;
    };
    let _embedded = Embedded::start(EmbeddedOptions::new(data_dir)).await.unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_killed_runtime_takes_its_mongod_along() {
    let dir = tempfile::tempdir().unwrap();
    let (_, module) = module_path!().split_once("::").unwrap();
    let mut runtime = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", &format!("{module}::a_runtime_to_be_killed")])
        .env(DATA_DIR, dir.path().join("data"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let log = dir.path().join("data/mongod.log");
    until("the runtime runs its mongod", async || {
        fs::read_to_string(&log).is_ok_and(|log| log.contains("Transition to primary complete"))
    })
    .await;
    let lock = fs::read_to_string(dir.path().join("data/db/mongod.lock")).unwrap();
    let pid = Pid::from_raw(lock.trim().parse().unwrap()).unwrap();
    runtime.kill().unwrap();
    runtime.wait().unwrap();
    until("mongod ended", async || {
        // Nobody reaps it in a container without an init: a zombie has ended too.
        fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).map_or(true, |stat| stat.contains(") Z "))
    })
    .await;
    start(&dir).await.stop().await;
}
