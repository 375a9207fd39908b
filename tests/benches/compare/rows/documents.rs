//! Documents in a database, read and edited by turns.

use super::{Scale, Watch};
use crate::{
    Failure,
    client::{Client, PATIENCE},
    metric::Values,
    server::Server,
};
use std::{net::SocketAddr, time::Instant};
use tokio::{task::JoinSet, time::timeout};

/// One in so many of the scale's connections.
const SHARE: usize = 5;

/// Bytes of a document's text.
const TEXT: usize = 1024;

/// Each client has a document of its own.
pub async fn measure(server: &Server, scale: &Scale) -> Result<Values, Failure> {
    let watch = Watch::default();
    let mut tasks = JoinSet::new();
    for _ in 0..scale.connections / SHARE {
        tasks.spawn_local(read_and_edit(server.address(), watch.clone()));
    }
    watch.load(server, scale, 1, tasks).await
}

/// Reads and edits a new document, for ever. Every answer is compared with what it has to be.
async fn read_and_edit(address: SocketAddr, watch: Watch) -> Result<(), Failure> {
    let mut client = Client::connect(address).await?;
    let text = "x".repeat(TEXT);
    let created = exchange(&mut client, format!(r#"421["create","{text}"]"#)).await?;
    let id = created.strip_prefix(r#"431[""#).and_then(|answer| answer.strip_suffix(r#""]"#));
    let id = id.ok_or_else(|| format!("no new document: {created:.200}"))?;
    for revision in 0.. {
        let start = Instant::now();
        let read = exchange(&mut client, format!(r#"422["read","{id}"]"#)).await?;
        watch.served(start);
        if read != format!(r#"432[{{"revision":{revision},"text":"{text}"}}]"#) {
            return Err(format!("a wrong document: {read:.200}").into());
        }
        let start = Instant::now();
        let edit = format!(r#"423["edit",{{"id":"{id}","revision":{revision},"text":"{text}"}}]"#);
        let edited = exchange(&mut client, edit).await?;
        watch.served(start);
        if edited != "433[true]" {
            return Err(format!("not edited: {edited:.200}").into());
        }
    }
    Ok(())
}

async fn exchange(client: &mut Client, event: String) -> Result<String, Failure> {
    client.send(event.into()).await?;
    let answer = timeout(PATIENCE, client.next()).await.map_err(|_| "an event is not answered")??;
    Ok(answer.as_str().to_owned())
}
