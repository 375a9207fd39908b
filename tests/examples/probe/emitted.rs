//! Events of every shape, in `/payloads`.

use crate::{binary::Picture, payloads::Name};
use lambdio::prelude::*;

#[event(namespace = "/payloads", name = "renamed")]
struct Renamed(Name);

#[event(namespace = "/payloads", name = "two_values")]
struct TwoValues(u32, String);

#[event(namespace = "/payloads", name = "moved")]
struct Moved(Args<(u32, u32)>);

#[event(namespace = "/payloads", name = "listed")]
struct Listed(Args<Vec<Name>>);

#[event(namespace = "/payloads", name = "silence")]
struct Silence;

#[event(namespace = "/payloads", name = "drawn")]
enum Drawn {
    Line { length: u32 },
    Nothing,
}

#[event(namespace = "/payloads", name = "painted")]
struct Painted {
    picture: Picture,
}

#[event(namespace = "/payloads", name = "bytes_spread")]
struct BytesSpread(Args<(String, Binary)>);

/// Emits one event of each shape to the sender.
#[handler(namespace = "/payloads", event = "emit_each_shape")]
async fn emit_each_shape(socket: Socket) -> Result<(), lambdio::Error> {
    let bytes = || Binary::from(vec![0, 1, 255]);
    let picture = Picture { name: "sea".to_owned(), bytes: bytes(), thumbnails: vec![] };
    socket.emit(&Renamed(Name("Ada".to_owned())))?;
    socket.emit(&TwoValues(1, "two".to_owned()))?;
    socket.emit(&Moved(Args((3, 4))))?;
    socket.emit(&Listed(Args(vec![Name("Ada".to_owned()), Name("Bob".to_owned())])))?;
    socket.emit(&Listed(Args(vec![])))?;
    socket.emit(&Silence)?;
    socket.emit(&Drawn::Line { length: 5 })?;
    socket.emit(&Drawn::Nothing)?;
    socket.emit(&Painted { picture })?;
    socket.emit(&BytesSpread(Args(("sea".to_owned(), bytes()))))?;
    Ok(())
}
