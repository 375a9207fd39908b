//! What one client that sends as fast as it can does to another one.

use super::{Scale, Watch, echo};
use crate::{
    Failure,
    client::Client,
    metric::{CPU, ECHOED, REFUSED, Values},
    server::Server,
};
use std::{cell::Cell, rc::Rc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::tcp::{OwnedReadHalf, OwnedWriteHalf},
    task::{JoinSet, yield_now},
};

/// How many events are written at once: few, for our other client waits meanwhile.
const BATCH: usize = 32;

/// What the flooding client was answered while it was counted.
#[derive(Default)]
struct Answers {
    echoed: Cell<usize>,
    refused: Cell<usize>,
}

pub async fn measure(server: &Server, scale: &Scale) -> Result<Values, Failure> {
    let beside = Watch::default();
    let answers = Rc::new(Answers::default());
    let mut tasks = JoinSet::new();
    let client = echo::connect(server.address()).await?;
    tasks.spawn_local(echo::exchange(client, echo::SMALL.text, 1, beside.clone()));
    // bytes written and read as they are, so that the load's core has time for the other client
    let (read, write) = Client::connect(server.address()).await?.into_websocket().into_inner().into_split();
    tasks.spawn_local(send(write));
    tasks.spawn_local(count(read, beside.clone(), answers.clone()));

    let mut values = beside.load(server, scale, 1, tasks).await?;
    // the server's time went to both
    values.retain(|(metric, _)| *metric != CPU);
    let each_second = |count: &Cell<usize>| count.get() as f64 / scale.load.as_secs_f64();
    values.push((ECHOED, each_second(&answers.echoed)));
    values.push((REFUSED, each_second(&answers.refused)));
    Ok(values)
}

/// Sends without waiting for anything but the network.
async fn send(mut write: OwnedWriteHalf) -> Result<(), Failure> {
    let event = echo::Exchange::new(0, &echo::payload(echo::SMALL.text)).event;
    let batch = frame(event.as_bytes())?.repeat(BATCH);
    loop {
        write.write_all(&batch).await?;
        yield_now().await;
    }
}

/// A text frame of a client (RFC 6455, section 5.2), with a mask of zeros, which leaves the payload as it is.
fn frame(payload: &[u8]) -> Result<Vec<u8>, Failure> {
    let length = u8::try_from(payload.len()).ok().filter(|length| *length < 126).ok_or("a long payload")?;
    let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
    frame.extend(payload);
    Ok(frame)
}

/// Counts answers by how they begin. The few that one reading ends within are not counted.
async fn count(mut read: OwnedReadHalf, watch: Watch, answers: Rc<Answers>) -> Result<(), Failure> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = read.read(&mut buffer).await?;
        if length == 0 {
            return Err("the server closed the flooding connection".into());
        }
        if watch.is_counting() {
            let received = buffer.get(..length).unwrap_or_default();
            let beginning = |start: &[u8]| received.windows(start.len()).filter(|window| *window == start).count();
            answers.echoed.set(answers.echoed.get() + beginning(br#"430[{"number"#));
            answers.refused.set(answers.refused.get() + beginning(br#"430[{"error"#));
        }
    }
}
