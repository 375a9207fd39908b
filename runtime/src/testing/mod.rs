//! Clients for tests of handlers.
//!
//! [`App::in_process`](crate::App::in_process) serves the handlers that are linked into the test, through everything that a
//! server has but the network. [`Client`] is a Socket.IO client on it.
//!
//! ```standalone_crate
//! use lambdio::{prelude::*, testing::ClientError};
//!
//! #[handler(namespace = "/chat", event = "say")]
//! async fn say(Data(text): Data<String>, socket: Socket) -> Result<usize, lambdio::Error> {
//!     socket.broadcast().emit(&Said { text: text.clone() })?;
//!     Ok(text.len())
//! }
//!
//! #[event(namespace = "/chat", name = "said")]
//! struct Said { text: String }
//!
//! // in a test: #[tokio::test] async fn what_one_says_the_others_hear()
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let app = lambdio::App::new().in_process(["events.timeout=1s"]).await?;
//! let (ada, bob) = (app.client("/chat").await?, app.client("/chat").await?);
//!
//! let length: usize = ada.ask("say", &"hello").await?;
//! assert_eq!(length, 5);
//! let said: serde_json::Value = bob.next("said").await?;
//! assert_eq!(said["text"], "hello");
//!
//! let refused = ada.ask_error("say", &42).await?;
//! assert_eq!(refused.code, "invalid_payload");
//! app.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! - [`Client`]: asks, emits, and takes what it is sent. Dropping it cuts the connection.
//! - [`Connecting`]: what a client brings: `auth`, headers, query.
//! - [`ClientError`], [`Refused`]: what a client did not get, and what it was told instead.
//! - [`Request`], [`Response`]: of [`InProcess::request`](crate::InProcess::request).
//!
//! Every wait ends, with an error that says what was waited for and what came instead. Clients speak websocket; attachments
//! they do not understand.
//!
//! All handlers of a test binary are in all its applications, and what they want provided every application has to provide. An
//! example in documentation that starts one needs `standalone_crate`, as rustdoc makes one program of all examples.

mod client;
mod connecting;
mod failure;
mod link;
mod packet;
mod received;
mod request;

pub use client::Client;
pub use connecting::Connecting;
pub(crate) use connecting::PATIENCE;
pub use failure::{ClientError, Refused};
pub use http::{Request, Response};
pub(crate) use request::send;
