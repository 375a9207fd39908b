//! What is measured, one file each.
//!
//! Loads are closed loops: a client sends the next event when the one before is answered, so that a slow server is asked
//! less and no queue hides it. What is counted starts after a time of warming up.

mod connect;
mod documents;
mod echo;
mod fanout;
mod flood;
mod idle;
mod polling;
mod start;
mod watch;

pub use watch::Watch;

use crate::{
    Failure,
    building::Programs,
    cores::Cores,
    database::Database,
    login,
    metric::Values,
    peers::Peer,
    server::{Needs, Server},
    token,
};
use clap::{ValueEnum, builder::PossibleValue};
use std::{fmt, time::Duration};

/// What all measurements share.
pub struct Bench {
    pub programs: Programs,
    pub cores: Cores,
    pub scale: Scale,
}

/// How much of everything.
pub struct Scale {
    /// Load before anything is counted.
    pub warm_up: Duration,
    /// Load that is counted.
    pub load: Duration,
    /// How long a server is left alone before its memory is read.
    pub settle: Duration,
    /// Clients of an echo.
    pub connections: usize,
    /// Clients in the room.
    pub members: usize,
    /// Idle websockets.
    pub idle: usize,
    /// Starts in one measurement.
    pub starts: usize,
}

/// A part of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Row {
    Echo,
    #[value(name = "echo-steady")]
    EchoSteady,
    #[value(name = "echo-4k")]
    Echo4K,
    #[value(name = "echo-60k")]
    Echo60K,
    Polling,
    Fanout,
    Idle,
    Connect,
    ConnectAuth,
    Start,
    Flood,
    Documents,
}

impl Row {
    /// The servers it is measured on.
    pub fn peers(self) -> &'static [Peer] {
        match self {
            Self::Echo | Self::Idle | Self::Start => &Peer::ALL,
            Self::Documents => &[Peer::Lambdio, Peer::Node],
            _ => &[Peer::Lambdio, Peer::ByHand, Peer::Node],
        }
    }

    /// What is done, in a line.
    pub fn description(self) -> &'static str {
        match self {
            Self::Echo => "events with acknowledgement, 38 bytes of JSON; 4 in flight on each of 100 websockets",
            Self::EchoSteady => {
                "the same events, 50 a second on each of 100 websockets: few servers are busy all the time"
            }
            Self::Echo4K => "such events of 4 KiB, 2 in flight on each of 50 websockets",
            Self::Echo60K => "the same with 60 KiB, 1 in flight on each of 20 websockets",
            Self::Polling => "the small echo over HTTP long-polling, 1 in flight on each of 20 clients",
            Self::Fanout => {
                "one event to 500 websockets in a room; CPU and rate for one delivery, latency until all have it"
            }
            Self::Idle => "5 000 websockets that say nothing",
            Self::Connect => "open a websocket, enter a namespace, close; 16 at a time",
            Self::ConnectAuth => {
                "the same into a namespace that checks a token (JWT, HS256); lambdio looks its session up in MongoDB as well"
            }
            Self::Start => "start to listening, no database",
            Self::Flood => "a small echo, one at a time, beside a client that sends as fast as it can",
            Self::Documents => {
                "read a document of 1 KiB from MongoDB, edit it if nobody else has, and so on; 1 in flight on each of 20 \
                 websockets"
            }
        }
    }

    /// Measures it once on a server of its own.
    pub async fn measure(self, bench: &Bench, peer: Peer) -> Result<Values, Failure> {
        let database = if self == Self::Documents { Some(Database::start().await?) } else { None };
        let needs = match &database {
            Some(database) => Needs::Database(database),
            None if self == Self::ConnectAuth => Needs::Login,
            None => Needs::Nothing,
        };
        let server = Server::start(&bench.programs, &bench.cores, peer, needs).await?;
        let scale = &bench.scale;
        let values = match self {
            Self::Echo => echo::measure(&server, scale, &echo::SMALL).await,
            Self::EchoSteady => echo::measure_steady(&server, scale).await,
            Self::Echo4K => echo::measure(&server, scale, &echo::MIDDLE).await,
            Self::Echo60K => echo::measure(&server, scale, &echo::LARGE).await,
            Self::Polling => polling::measure(&server, scale).await,
            Self::Fanout => fanout::measure(&server, scale).await,
            Self::Idle => idle::measure(&server, scale).await,
            Self::Connect => connect::measure(&server, scale, None).await,
            Self::ConnectAuth => {
                let token = match peer {
                    // it looks the session up, too
                    Peer::Lambdio | Peer::Thousand => login::register(server.address()).await?,
                    Peer::ByHand | Peer::Node => token::issue()?,
                };
                connect::measure(&server, scale, Some(token)).await
            }
            Self::Start => start::measure(&server, bench, peer).await,
            Self::Flood => flood::measure(&server, scale).await,
            Self::Documents => documents::measure(&server, scale).await,
        };
        let stopped = server.stop().await;
        if let Some(database) = database {
            database.stop().await;
        }
        let values = values?;
        stopped?;
        Ok(values)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.pad(value.as_ref().map_or("", PossibleValue::get_name))
    }
}
