//! Bytes that go in and come back, in `/payloads`.

use lambdio::prelude::*;

#[payload]
pub struct Picture {
    pub name: String,
    pub bytes: Binary,
    pub thumbnails: Vec<Thumbnail>,
}

#[payload]
pub struct Thumbnail {
    width: u32,
    bytes: Option<Binary>,
}

#[payload]
struct Blob(Binary);

#[payload]
#[serde(rename_all = "snake_case")]
enum Media {
    Raw(Binary),
    Titled { title: String, bytes: Binary },
    Pair(Binary, Binary),
    Nothing,
}

#[payload]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Message {
    Voice { bytes: Binary },
    Nothing,
}

/// Proof that bytes were decoded, and not passed through.
fn reversed(bytes: &Binary) -> Binary {
    bytes.iter().rev().copied().collect::<Vec<u8>>().into()
}

#[handler(namespace = "/payloads", event = "bytes")]
async fn bytes(Data(bytes): Data<Binary>) -> Binary {
    reversed(&bytes)
}

#[handler(namespace = "/payloads", event = "album")]
async fn album(Data(album): Data<Vec<Binary>>) -> Vec<Binary> {
    album.iter().map(reversed).collect()
}

#[handler(namespace = "/payloads", event = "picture")]
async fn picture(Data(mut picture): Data<Picture>) -> Picture {
    picture.bytes = reversed(&picture.bytes);
    for thumbnail in &mut picture.thumbnails {
        thumbnail.bytes = thumbnail.bytes.as_ref().map(reversed);
    }
    picture
}

#[handler(namespace = "/payloads", event = "optional_picture")]
async fn optional_picture(Data(picture): Data<Option<Picture>>) -> Option<Binary> {
    picture.map(|picture| reversed(&picture.bytes))
}

#[handler(namespace = "/payloads", event = "blob")]
async fn blob(Data(Blob(bytes)): Data<Blob>) -> Blob {
    Blob(reversed(&bytes))
}

#[handler(namespace = "/payloads", event = "media")]
async fn media(Data(media): Data<Media>) -> Media {
    match media {
        Media::Raw(bytes) => Media::Raw(reversed(&bytes)),
        Media::Titled { title, bytes } => Media::Titled { title, bytes: reversed(&bytes) },
        Media::Pair(one, other) => Media::Pair(other, one),
        Media::Nothing => Media::Nothing,
    }
}

#[handler(namespace = "/payloads", event = "message")]
async fn message(Data(message): Data<Message>) -> Message {
    match message {
        Message::Voice { bytes } => Message::Voice { bytes: reversed(&bytes) },
        Message::Nothing => Message::Nothing,
    }
}

#[event(namespace = "/payloads", name = "send_a_photo", ack = Thumbnail)]
struct SendAPhoto;

/// Asks the client for bytes.
#[handler(namespace = "/payloads", event = "ask_for_a_photo")]
async fn ask_for_a_photo(socket: Socket) -> Result<Thumbnail, lambdio::Error> {
    let photo = socket.emit_with_ack(&SendAPhoto).await?;
    Ok(Thumbnail { bytes: photo.bytes.as_ref().map(reversed), ..photo })
}

#[handler(namespace = "/payloads", event = "labelled_bytes")]
async fn labelled_bytes(Args((label, bytes)): Args<(String, Binary)>) -> Args<(Binary, String)> {
    Args((reversed(&bytes), label))
}
