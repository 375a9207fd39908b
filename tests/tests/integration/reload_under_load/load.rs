//! What goes on while settings change.

use futures_util::future::{LocalBoxFuture, join_all};
use lambdio_tests::{Client, Request, Server, Socket, Transport};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// How often the settings are read again.
const RELOADS: usize = 60;
/// How often each part of the load does its work, at least.
const ROUNDS: usize = 5;
/// So many in one round.
const BURST: usize = 40;

/// Everything that may carry a connection.
pub const TRANSPORTS: [Transport; 3] = [Transport::Websocket, Transport::Polling, Transport::Upgrade];

/// What goes on while settings change: for as long as they do, and for so many rounds at least.
pub struct Load<'a> {
    server: &'a Server,
    over: AtomicBool,
}

impl<'a> Load<'a> {
    /// None yet, at this server.
    pub fn on(server: &'a Server) -> Self {
        Self { server, over: AtomicBool::new(false) }
    }

    /// All parts of a load, during reloads of these settings, one after the other, with wrong ones in between.
    pub async fn during(&self, settings: &[String], wrong: &str, parts: Vec<LocalBoxFuture<'_, usize>>) {
        let reloads = async {
            for (number, settings) in settings.iter().cycle().take(RELOADS).enumerate() {
                if number % 10 == 9 {
                    self.server.reload_refused(wrong).await;
                }
                let reload = self.server.reload(settings).await;
                assert!(!reload.changed().is_empty() && reload.needs_restart().is_empty(), "{reload:?}");
            }
            self.over.store(true, Ordering::SeqCst);
        };
        let ((), counts) = tokio::join!(reloads, join_all(parts));
        println!("{counts:?} of each kind, during {RELOADS} reloads");
    }

    /// Does this again and again, with the number of the round. How often.
    async fn rounds(&self, mut round: impl AsyncFnMut(usize)) -> usize {
        let mut done = 0;
        while done < ROUNDS || !self.over.load(Ordering::SeqCst) {
            round(done).await;
            done += 1;
        }
        done
    }

    /// Events of one client. `exchange` has the arguments of each and what it is acknowledged with, by its number.
    pub async fn events(&self, socket: Socket, event: &str, exchange: impl Fn(usize) -> (Value, Value)) -> usize {
        let rounds = self.rounds(async |round| {
            let (args, acks): (Vec<Value>, Vec<Value>) =
                (0..BURST).map(|number| exchange(round * BURST + number)).unzip();
            let expected: Vec<(usize, Value)> = acks.into_iter().enumerate().collect();
            assert_eq!(socket.burst(event, args).await, expected, "each once, and in order");
        });
        rounds.await * BURST
    }

    /// Notes that one client has sent to others, who ask for nothing. Of them everybody gets each.
    pub async fn broadcasts(
        &self,
        sender: Socket,
        event: &str,
        args: impl Fn(&str) -> Value,
        to: Vec<Socket>,
    ) -> usize {
        let rounds = self.rounds(async |round| {
            let texts: Vec<String> = (0..BURST).map(|number| format!("note {}", round * BURST + number)).collect();
            let acks = sender.burst(event, texts.iter().map(|text| args(text)).collect()).await;
            assert!(acks.iter().all(|(_, ack)| ack[0]["error"].is_null()), "{acks:?}");
            for receiver in &to {
                for text in &texts {
                    assert_eq!(receiver.next("note").await, json!([text]), "each once, and in order");
                }
            }
        });
        let sent = rounds.await * BURST;
        for receiver in &to {
            // what comes behind all notes
            receiver.emit_with_ack("who_am_i", json!([])).await;
            let seen = receiver.events_seen().await;
            assert_eq!(seen.len(), sent, "nothing else: {:?}", seen.last());
        }
        sent
    }

    /// A client that comes, has one event served, and goes, over each transport in turn.
    pub async fn visits(&self, client: Client, namespace: &str, event: &str, (args, ack): (Value, Value)) -> usize {
        let rounds = self.rounds(async |round| {
            let transport = TRANSPORTS[round % TRANSPORTS.len()];
            let socket = client.connect(namespace).over(transport).await;
            assert_eq!(socket.emit_with_ack(event, args.clone()).await, ack, "{transport:?}");
            socket.close().await;
        });
        rounds.await
    }

    /// Requests, and what they are answered with, by their number.
    pub async fn requests(&self, request: impl Fn(usize) -> (Request, Value)) -> usize {
        let rounds = self.rounds(async |round| {
            let (request, expected) = request(round);
            let answer = request.await;
            assert_eq!((answer.status, answer.json), (200, expected), "{}", answer.text);
        });
        rounds.await
    }
}
