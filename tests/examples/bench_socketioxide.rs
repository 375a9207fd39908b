//! The benchmark's server on socketioxide, written by hand the way its documentation does.
//!
//! `BENCH_KEY` is what tokens are signed with.

use axum::Router;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use serde_json::Value;
use socketioxide::{
    SocketIo,
    extract::{AckSender, Data, SocketRef, TryData},
    handler::ConnectHandler as _,
};
use std::{error::Error, fmt, net::SocketAddr, sync::LazyLock};
use tokio::net::TcpListener;

#[derive(Deserialize)]
struct Shout {
    room: String,
    text: String,
}

async fn on_connect(socket: SocketRef) {
    socket.on("echo", async |Data::<Value>(payload), ack: AckSender| {
        ack.send(&payload).ok();
    });
    socket.on("join", async |socket: SocketRef, Data::<String>(room), ack: AckSender| {
        socket.join(room);
        ack.send(&()).ok();
    });
    socket.on("shout", async |socket: SocketRef, Data::<Shout>(Shout { room, text }), ack: AckSender| {
        socket.to(room).emit("note", &text).await.ok();
        ack.send(&()).ok();
    });
}

#[derive(Deserialize)]
struct Auth {
    token: String,
}

#[derive(Deserialize)]
struct Claims {
    #[expect(dead_code, reason = "read, as an application would")]
    name: String,
}

#[derive(Debug)]
struct Unauthenticated;

impl fmt::Display for Unauthenticated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unauthenticated")
    }
}

static KEY: LazyLock<DecodingKey> =
    LazyLock::new(|| DecodingKey::from_secret(std::env::var("BENCH_KEY").unwrap_or_default().as_bytes()));

static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["lambdio"]);
    validation.set_issuer(&["lambdio"]);
    validation
});

async fn authenticate(TryData(auth): TryData<Auth>) -> Result<(), Unauthenticated> {
    let auth = auth.map_err(|_| Unauthenticated)?;
    decode::<Claims>(&auth.token, &KEY, &VALIDATION).map_err(|_| Unauthenticated)?;
    Ok(())
}

async fn on_connect_private(socket: SocketRef) {
    socket.on("greet", async |ack: AckSender| {
        ack.send("hello").ok();
    });
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (layer, io) = SocketIo::new_layer();
    io.ns("/", on_connect);
    io.ns("/private", on_connect_private.with(authenticate));
    let app = Router::new().layer(layer);
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    println!("address http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
