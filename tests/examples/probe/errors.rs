//! What goes wrong, in `/errors` and under `/errors/`.

#![allow(clippy::panic, reason = "panics of handlers are what is tested")]

use lambdio::prelude::*;
use std::{collections::HashMap, io, time::Duration};

#[payload]
#[serde(deny_unknown_fields)]
struct Cart {
    customer: String,
    items: Vec<Item>,
}

#[payload]
struct Item {
    count: u32,
}

#[derive(HandlerError)]
enum EditError {
    #[handler_error(code = "stale_revision", status = 409, message = "the document is at revision {revision}")]
    Stale {
        revision: i64,
        #[handler_error(details)]
        current: Current,
    },
    #[handler_error(code = "no_such_document", status = 404, message = "there is no document {0}")]
    Missing(i64),
    #[handler_error(other)]
    Other(lambdio::Error),
}

#[payload]
struct Current {
    text: String,
}

fn edit(document: i64) -> Result<i64, EditError> {
    match document {
        1 => Ok(1),
        2 => Err(EditError::Stale { revision: 7, current: Current { text: "newer".to_owned() } }),
        3 => Ok(secret()?),
        missing => Err(EditError::Missing(missing)),
    }
}

/// An error whose text no client may see.
fn secret() -> io::Result<i64> {
    Err(io::Error::other("the password is hunter2"))
}

#[handler(namespace = "/errors", event = "cart")]
async fn cart(Data(cart): Data<Cart>) -> usize {
    cart.items.iter().map(|item| item.count as usize).sum::<usize>() + cart.customer.len()
}

#[handler(namespace = "/errors", event = "two_arguments")]
async fn two_arguments(Args((first, second)): Args<(String, Item)>) -> usize {
    first.len() + second.count as usize
}

#[handler(namespace = "/errors", event = "edit")]
async fn edit_event(Data(document): Data<i64>) -> Result<i64, EditError> {
    edit(document)
}

#[handler(namespace = "/errors", event = "secret")]
async fn secret_event() -> Result<i64, lambdio::Error> {
    Ok(secret()?)
}

#[handler(namespace = "/errors", event = "retry_later")]
async fn retry_later() -> Result<(), lambdio::Error> {
    Err(lambdio::Error::new(Code::RateLimited).with_retry_after(Duration::from_millis(1500)))
}

/// Fails with the code of this name.
#[handler(namespace = "/errors", event = "fail")]
async fn fail(Data(name): Data<String>) -> Result<(), lambdio::Error> {
    let code = Code::ALL.iter().find(|code| code.as_str() == name);
    Err(code.copied().unwrap_or(Code::Internal).into())
}

#[handler(namespace = "/errors", event = "panic_at_once")]
async fn panic_at_once(Data(why): Data<String>) {
    panic!("hunter2 {why}");
}

#[handler(namespace = "/errors", event = "panic_later")]
async fn panic_later(Data(why): Data<String>) {
    tokio::time::sleep(Duration::from_millis(5)).await;
    panic!("hunter2 {why}");
}

#[handler(namespace = "/errors", event = "slow", timeout = "100ms")]
async fn slow() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[handler(namespace = "/errors", event = "slow_by_default")]
async fn slow_by_default() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[handler(namespace = "/errors", event = "switched_off")]
async fn switched_off() -> bool {
    true
}

/// JSON wants keys that are text.
#[handler(namespace = "/errors", event = "unserialisable")]
async fn unserialisable() -> HashMap<Vec<u8>, String> {
    HashMap::from([(vec![1, 2], "pair".to_owned())])
}

#[event(namespace = "/errors", name = "cannot_be_sent")]
struct CannotBeSent(HashMap<Vec<u8>, String>);

#[handler(namespace = "/errors", event = "send_unserialisable")]
async fn send_unserialisable(socket: Socket) -> Result<(), lambdio::Error> {
    Ok(socket.emit(&CannotBeSent(HashMap::from([(vec![1], "one".to_owned())])))?)
}

#[handler(namespace = "/errors", event = "fine")]
async fn fine() -> bool {
    true
}

#[route(post = "/errors/cart")]
async fn post_cart(Data(cart): Data<Cart>) -> usize {
    cart.items.len() + cart.customer.len()
}

#[route(get = "/errors/edit/{document}")]
async fn get_edit(Path(document): Path<i64>) -> Result<i64, EditError> {
    edit(document)
}

#[route(get = "/errors/private")]
async fn get_private(handshake: Handshake) -> Result<bool, lambdio::Error> {
    if handshake.header("authorization").is_some() { Ok(true) } else { Err(Code::Unauthenticated.into()) }
}

#[route(get = "/errors/secret")]
async fn get_secret() -> Result<i64, lambdio::Error> {
    Ok(secret()?)
}

#[route(get = "/errors/panic")]
async fn get_panic() {
    tokio::time::sleep(Duration::from_millis(1)).await;
    panic!("hunter2 over HTTP");
}

#[route(get = "/errors/slow")]
async fn get_slow() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

#[payload]
struct Password {
    #[serde(default)]
    password: String,
}

#[derive(HandlerError)]
enum DoorError {
    #[handler_error(code = "wrong_password", status = 403, message = "hunter2 is not for clients")]
    WrongPassword,
}

/// Lets in who knows the word, and panics for one word.
#[middleware(connect, namespace = "/guarded", order = 1)]
async fn door(HandshakeAuth(auth): HandshakeAuth<Password>) -> Result<(), DoorError> {
    match auth.password.as_str() {
        "please" => Ok(()),
        "panic" => panic!("hunter2 at the door"),
        _ => Err(DoorError::WrongPassword),
    }
}

#[handler(namespace = "/guarded", event = "fine")]
async fn guarded_fine() -> bool {
    true
}

/// A client that is let in and put out again by the connect handler.
#[connect(namespace = "/turned_away")]
async fn turn_away() -> Result<(), EditError> {
    Err(EditError::Missing(4))
}

#[handler(namespace = "/turned_away", event = "fine")]
async fn turned_away_fine() -> bool {
    true
}
