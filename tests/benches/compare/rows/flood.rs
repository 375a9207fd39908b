//! What one client that sends as fast as it can does to another one.

use super::{Scale, Watch, echo};
use crate::{
    Failure,
    client::Client,
    metric::{CPU, ECHOED, PUT_OUT, REFUSED, Values},
    server::Server,
};
use futures_util::future::try_join;
use std::{cell::Cell, io, net::SocketAddr, rc::Rc, time::Duration};
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
    put_out: Cell<usize>,
}

/// A client that is starved is answered seldom: less than this would count next to nothing.
const SHORTEST: Duration = Duration::from_secs(5);

pub async fn measure(server: &Server, scale: &Scale) -> Result<Values, Failure> {
    let beside = Watch::default();
    let answers = Rc::new(Answers::default());
    let mut tasks = JoinSet::new();
    let client = echo::connect(server.address()).await?;
    tasks.spawn_local(echo::exchange(client, echo::SMALL.text, 1, beside.clone()));
    tasks.spawn_local(flood(server.address(), beside.clone(), answers.clone()));

    let scale = Scale { load: scale.load.max(SHORTEST), ..*scale };
    let mut values = beside.load(server, &scale, 1, tasks).await?;
    // the server's time went to both
    values.retain(|(metric, _)| *metric != CPU);
    let each_second = |count: &Cell<usize>| count.get() as f64 / scale.load.as_secs_f64();
    values.push((ECHOED, each_second(&answers.echoed)));
    values.push((REFUSED, each_second(&answers.refused)));
    values.push((PUT_OUT, each_second(&answers.put_out)));
    Ok(values)
}

/// Floods the server, for ever. Who is put out, for not reading all answers in time perhaps, comes back.
async fn flood(server: SocketAddr, watch: Watch, answers: Rc<Answers>) -> Result<(), Failure> {
    loop {
        // bytes written and read as they are, so that the load's core has time for the other client
        let (read, write) = Client::connect(server).await?.into_websocket().into_inner().into_split();
        let event = echo::Exchange::new(0, &echo::payload(echo::SMALL.text)).event;
        let batch = frame(event.as_bytes())?.repeat(BATCH);
        // both end only with the connection
        let _ended: io::Result<((), ())> = try_join(send(write, batch), count(read, &watch, &answers)).await;
        if watch.is_counting() {
            answers.put_out.set(answers.put_out.get() + 1);
        }
    }
}

/// Sends without waiting for anything but the network.
async fn send(mut write: OwnedWriteHalf, batch: Vec<u8>) -> io::Result<()> {
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
async fn count(mut read: OwnedReadHalf, watch: &Watch, answers: &Answers) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = read.read(&mut buffer).await?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if watch.is_counting() {
            let received = buffer.get(..length).unwrap_or_default();
            let beginning = |start: &[u8]| received.windows(start.len()).filter(|window| *window == start).count();
            answers.echoed.set(answers.echoed.get() + beginning(br#"430[{"number"#));
            answers.refused.set(answers.refused.get() + beginning(br#"430[{"error"#));
        }
    }
}
