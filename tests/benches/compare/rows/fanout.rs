//! One event to everybody in a room.

use super::{Scale, Watch, echo};
use crate::{
    Failure,
    client::{Client, PATIENCE},
    metric::Values,
    server::Server,
};
use std::{cell::Cell, rc::Rc, time::Instant};
use tokio::{sync::Notify, task::JoinSet, time::timeout};

/// How many members have what was sent last.
#[derive(Default)]
struct Delivered {
    count: Cell<usize>,
    changed: Notify,
}

pub async fn measure(server: &Server, scale: &Scale) -> Result<Values, Failure> {
    let watch = Watch::default();
    let delivered = Rc::new(Delivered::default());
    let text = "x".repeat(100);
    let mut tasks = JoinSet::new();
    for _ in 0..scale.members {
        let mut member = echo::connect(server.address()).await?;
        member.ask(r#"["join","everybody"]"#).await?;
        tasks.spawn_local(receive(member, format!(r#"42["note","{text}"]"#), delivered.clone()));
    }
    let sender = echo::connect(server.address()).await?;
    let event = format!(r#"420["shout",{{"room":"everybody","text":"{text}"}}]"#);
    tasks.spawn_local(send(sender, event, scale.members, delivered, watch.clone()));
    watch.load(server, scale, scale.members, tasks).await
}

async fn receive(mut member: Client, note: String, delivered: Rc<Delivered>) -> Result<(), Failure> {
    loop {
        let packet = member.next().await?;
        if packet.as_str() != note {
            return Err(format!("a wrong event: {packet:.200}").into());
        }
        delivered.count.set(delivered.count.get() + 1);
        delivered.changed.notify_one();
    }
}

/// Sends the next one when the one before is acknowledged and everybody has it.
async fn send(
    mut sender: Client,
    event: String,
    members: usize,
    delivered: Rc<Delivered>,
    watch: Watch,
) -> Result<(), Failure> {
    loop {
        delivered.count.set(0);
        let sent = Instant::now();
        sender.send(event.as_str().into()).await?;
        let all = async {
            while delivered.count.get() < members {
                delivered.changed.notified().await;
            }
        };
        let (answer, all) = tokio::join!(timeout(PATIENCE, sender.next()), timeout(PATIENCE, all));
        let answer = answer.map_err(|_| "a shout is not acknowledged")??;
        if !answer.starts_with("430[") || answer.contains("error") {
            return Err(format!("a wrong answer: {answer:.200}").into());
        }
        all.map_err(|_| format!("only {} of {members} have it", delivered.count.get()))?;
        watch.served(sent);
    }
}
