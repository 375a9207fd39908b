//! Starting, using, stopping.

use std::path::PathBuf;

use futures_util::StreamExt;

use super::*;

#[tokio::test]
async fn data_is_still_there_after_a_start_on_another_port() {
    let dir = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let first = start(&dir).await;
    eprintln!("first start: {:?}", begun.elapsed());
    let (address, pid) = (first.address(), process(&first));
    notes(&first).insert_one(doc! { "_id": 1 }).await.unwrap();
    let begun = Instant::now();
    first.stop().await;
    eprintln!("stop: {:?}", begun.elapsed());
    assert!(test_kill_process(pid).is_err(), "mongod survived stop()");

    // Someone else has the old port, and so mongod has to move.
    let taken = tokio::net::TcpListener::bind(&address).await.unwrap();
    let other = tokio::spawn(async move { while taken.accept().await.is_ok() {} });
    let begun = Instant::now();
    let second = start(&dir).await;
    eprintln!("next start: {:?}", begun.elapsed());
    assert_ne!(second.address(), address);
    assert_eq!(notes(&second).find_one(doc! {}).await.unwrap(), Some(doc! { "_id": 1 }));
    second.stop().await;
    other.abort();
}

#[tokio::test]
async fn transactions_and_change_streams_work() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = start(&dir).await;
    let client = client(&embedded);
    let notes: Collection<Document> = client.database("app").collection("notes");
    let mut changes = notes.watch().await.unwrap();

    let mut session = client.start_session().await.unwrap();
    session.start_transaction().await.unwrap();
    notes.insert_one(doc! { "_id": "undone" }).session(&mut session).await.unwrap();
    session.abort_transaction().await.unwrap();
    session.start_transaction().await.unwrap();
    notes.insert_one(doc! { "_id": "kept" }).session(&mut session).await.unwrap();
    session.commit_transaction().await.unwrap();

    let change = changes.next().await.unwrap().unwrap();
    assert_eq!(change.full_document, Some(doc! { "_id": "kept" }));
    assert_eq!(notes.count_documents(doc! {}).await.unwrap(), 1);
    embedded.stop().await;
}

#[tokio::test]
async fn nobody_reads_without_the_password() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = start(&dir).await;
    let mut options = embedded.client_options();
    options.credential = None;
    let stranger = Client::with_options(options).unwrap();
    let error = stranger.database("app").collection::<Document>("notes").find_one(doc! {}).await.unwrap_err();
    assert!(error.to_string().contains("requires authentication"), "{error}");
    let user = doc! { "createUser": "me", "pwd": "me", "roles": ["root"] };
    stranger.database("admin").run_command(user).await.unwrap_err();

    let shown = format!("{embedded:?} {:?}", embedded.client_options());
    assert!(!shown.contains(&embedded.password), "the password is shown in {shown}");
    embedded.stop().await;
}

#[tokio::test]
async fn a_directory_in_use_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = start(&dir).await;
    let second = Embedded::start(EmbeddedOptions::new(dir.path().join("data"))).await;
    let message = second.unwrap_err().to_string();
    assert!(message.contains("in use by another running lambdio"), "{message}");
    notes(&embedded).insert_one(doc! {}).await.unwrap();
    embedded.stop().await;
}

#[tokio::test]
async fn a_dropped_database_ends_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = start(&dir).await;
    let pid = process(&embedded);
    drop(embedded);
    until("mongod ended", async || test_kill_process(pid).is_err()).await;
}

#[tokio::test]
async fn what_is_no_mongod_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let binary = Some(PathBuf::from("/bin/sh"));
    let options = EmbeddedOptions { binary, ..EmbeddedOptions::new(dir.path().join("data")) };
    let message = Embedded::start(options).await.unwrap_err().to_string();
    for part in ["ended while starting (exit status: ", "mongod.log`", "option"] {
        assert!(message.contains(part), "{part} is missing in: {message}");
    }
}
