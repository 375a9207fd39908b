//! What a client has received, and nobody has asked for yet.

use super::{ClientError, packet::Packet};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    fmt::Write as _,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Notify, oneshot},
    time::timeout,
};

/// What a client has received. Nothing is lost: events wait here until the test asks for them.
#[derive(Debug, Default)]
pub(super) struct Received {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Event>,
    acks: HashMap<u64, oneshot::Sender<Vec<Value>>>,
    asked: u64,
    /// What ended the connection.
    end: Option<String>,
}

/// An event of the server.
#[derive(Debug)]
pub(super) struct Event {
    pub name: String,
    pub arguments: Vec<Value>,
    pub ack: Option<u64>,
}

impl Received {
    /// The number of a new question, and where its answer will be. After the end there will be none.
    pub fn ask(&self) -> (u64, oneshot::Receiver<Vec<Value>>) {
        let (give, take) = oneshot::channel();
        let mut state = self.state();
        let number = state.asked;
        state.asked += 1;
        if state.end.is_none() {
            state.acks.insert(number, give);
        }
        (number, take)
    }

    /// Takes in a packet.
    pub fn take_in(&self, packet: Packet) {
        let mut state = self.state();
        match packet {
            Packet::Event { name, arguments, ack } => state.events.push_back(Event { name, arguments, ack }),
            Packet::Ack { ack, arguments } => {
                // who asked may have given up
                if let Some(asking) = state.acks.remove(&ack) {
                    let _ = asking.send(arguments);
                }
            }
            Packet::PutOut => end(&mut state, "the server has put the client out"),
            Packet::Connected | Packet::Refused(_) => {}
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// The connection is over. Only the first reason counts.
    pub fn end(&self, reason: &str) {
        end(&mut self.state(), reason);
        self.changed.notify_waiters();
    }

    /// Waits for an event of this name. Others stay where they are.
    pub async fn next(&self, name: &str, patience: Duration) -> Result<Event, ClientError> {
        let what = || format!("the event {name}");
        let found = self.until(patience, |state| {
            if let Some(place) = state.events.iter().position(|event| event.name == name) {
                return state.events.remove(place).map(Ok);
            }
            state.end.as_ref().map(|reason| Err(ClientError::Ended { what: what(), reason: reason.clone() }))
        });
        found.await.unwrap_or_else(|| Err(self.late(what(), patience)))
    }

    /// All events that nobody has asked for yet, in the order they came.
    pub fn take_all(&self) -> Vec<Event> {
        self.state().events.drain(..).collect()
    }

    /// Waits for the end, and says what ended the connection.
    pub async fn ended(&self, patience: Duration) -> Result<String, ClientError> {
        let ended = self.until(patience, |state| state.end.clone()).await;
        ended.ok_or_else(|| self.late("the end of the connection".to_owned(), patience))
    }

    /// Waits for the answer to a question.
    pub async fn answer(
        &self,
        event: &str,
        answer: oneshot::Receiver<Vec<Value>>,
        patience: Duration,
    ) -> Result<Vec<Value>, ClientError> {
        let what = || format!("the answer to {event}");
        match timeout(patience, answer).await {
            Ok(Ok(arguments)) => Ok(arguments),
            Ok(Err(_)) => {
                let reason = self.state().end.clone().unwrap_or_default();
                Err(ClientError::Ended { what: what(), reason })
            }
            Err(_) => Err(self.late(what(), patience)),
        }
    }

    async fn until<T>(&self, patience: Duration, mut find: impl FnMut(&mut State) -> Option<T>) -> Option<T> {
        let found = async {
            loop {
                let changed = self.changed.notified();
                if let Some(found) = find(&mut self.state()) {
                    return found;
                }
                changed.await;
            }
        };
        timeout(patience, found).await.ok()
    }

    /// What came instead, each event with how often it did.
    fn late(&self, what: String, patience: Duration) -> ClientError {
        let mut counts = BTreeMap::<String, usize>::new();
        for event in &self.state().events {
            *counts.entry(event.name.clone()).or_default() += 1;
        }
        let mut instead = String::from(if counts.is_empty() { "no event waits" } else { "what waits:" });
        for (name, count) in counts {
            let _ = write!(instead, " {name} ({count})");
        }
        ClientError::Late { what, patience, instead }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn end(state: &mut State, reason: &str) {
    state.end.get_or_insert_with(|| reason.to_owned());
    // who waits for an answer is told by the loss of these
    state.acks.clear();
}
