//! The servers that are compared.

use std::fmt;

/// One of the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    Lambdio,
    ByHand,
    Node,
    /// lambdio with a thousand handlers more.
    Thousand,
}

impl Peer {
    pub const ALL: [Self; 4] = [Self::Lambdio, Self::ByHand, Self::Node, Self::Thousand];

    /// The heading of its column, and its name in the raw results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lambdio => "lambdio",
            Self::ByHand => "by hand",
            Self::Node => "Node",
            Self::Thousand => "lambdio-1000",
        }
    }

    /// What distinguishes its settings from none at all.
    pub fn configuration(self) -> &'static str {
        match self {
            Self::Lambdio => {
                "tests/examples/bench_lambdio; its defaults, server.max_connections_per_address = 10000, no database. For \
                 connect-auth: auth.accounts, \
                 namespaces.\"/private\".auth = \"required\" and, beside it, the embedded database. \
                 For documents: tests/examples/bench_documents.rs with mongo.uri and mongo.database"
            }
            Self::ByHand => {
                "tests/examples/bench_socketioxide.rs; SocketIo::new_layer and axum::serve with their defaults"
            }
            Self::Node => {
                "peers/node/server.js; new Server(createServer()) with its defaults, \
                 NODE_ENV=production. For documents: peers/node/documents.js with the concerns and the pool of lambdio"
            }
            Self::Thousand => {
                "tests/examples/bench_thousand.rs, as lambdio, with 1 000 handlers more in ten namespaces"
            }
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
