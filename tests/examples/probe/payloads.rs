//! What goes in and comes back, in `/payloads`.

use lambdio::prelude::*;
use std::collections::BTreeMap;

#[payload]
pub struct Name(pub String);

#[payload]
#[serde(transparent)]
struct Revision {
    number: i64,
}

#[payload]
struct Marker;

#[payload]
#[serde(rename_all = "camelCase")]
struct Person {
    full_name: String,
    nick_name: Option<String>,
    address: Option<Address>,
}

#[payload]
struct Address {
    street: Option<String>,
    floors: Option<Vec<Option<i32>>>,
}

#[payload]
struct Numbers {
    tiny: u8,
    unsigned: u64,
    signed: i64,
    float: f64,
}

#[payload]
#[serde(rename_all = "snake_case")]
enum Shape {
    Nothing,
    Circle(f64),
    Box(f64, f64),
    Text { content: String, bold: bool },
}

#[payload]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Command {
    Move { x: i32, y: i32 },
    Stop,
}

#[handler(namespace = "/payloads", event = "text")]
async fn text(Data(text): Data<String>) -> String {
    text
}

#[handler(namespace = "/payloads", event = "name")]
async fn name(Data(Name(name)): Data<Name>) -> Name {
    Name(format!("{name}!"))
}

#[handler(namespace = "/payloads", event = "revision")]
async fn revision(Data(Revision { number }): Data<Revision>) -> Revision {
    Revision { number: number + 1 }
}

#[handler(namespace = "/payloads", event = "tuple")]
async fn tuple(Data((number, text)): Data<(u32, String)>) -> (u32, String) {
    (number + 1, text)
}

#[handler(namespace = "/payloads", event = "array")]
async fn array(Data([a, b, c]): Data<[u32; 3]>) -> [u32; 3] {
    [c, b, a]
}

#[handler(namespace = "/payloads", event = "list")]
async fn list(Data(mut list): Data<Vec<Name>>) -> Vec<Name> {
    list.reverse();
    list
}

#[handler(namespace = "/payloads", event = "map")]
async fn map(Data(map): Data<BTreeMap<String, i32>>) -> BTreeMap<String, i32> {
    map.into_iter().map(|(key, value)| (key, -value)).collect()
}

#[handler(namespace = "/payloads", event = "unit")]
async fn unit(Data(()): Data<()>) {}

#[handler(namespace = "/payloads", event = "marker")]
async fn marker(Data(marker): Data<Marker>) -> Marker {
    marker
}

#[handler(namespace = "/payloads", event = "nothing")]
async fn nothing() {}

#[handler(namespace = "/payloads", event = "optional")]
async fn optional(Data(text): Data<Option<String>>) -> String {
    text.map_or("none".to_owned(), |text| format!("some {text}"))
}

#[handler(namespace = "/payloads", event = "person")]
async fn person(Data(person): Data<Person>) -> Person {
    person
}

#[handler(namespace = "/payloads", event = "numbers")]
async fn numbers(Data(numbers): Data<Numbers>) -> Numbers {
    numbers
}

#[handler(namespace = "/payloads", event = "shape")]
async fn shape(Data(shape): Data<Shape>) -> Shape {
    shape
}

#[handler(namespace = "/payloads", event = "command")]
async fn command(Data(command): Data<Command>) -> Command {
    match command {
        Command::Move { x, y } => Command::Move { x: -x, y: -y },
        Command::Stop => Command::Stop,
    }
}

#[handler(namespace = "/payloads", event = "pair")]
async fn pair(Args((x, y)): Args<(u32, u32)>) -> Args<(u32, u32)> {
    Args((y, x))
}

#[handler(namespace = "/payloads", event = "optional_tail")]
async fn optional_tail(
    Args((first, second, third)): Args<(u32, Option<u32>, Option<String>)>,
) -> (u32, Option<u32>, Option<String>) {
    (first, second, third)
}

#[handler(namespace = "/payloads", event = "any_number")]
async fn any_number(Args(mut numbers): Args<Vec<u32>>) -> Args<Vec<u32>> {
    numbers.reverse();
    Args(numbers)
}

#[handler(namespace = "/payloads", event = "no_arguments")]
async fn no_arguments(Args(()): Args<()>) -> Args<()> {
    Args(())
}

#[handler(namespace = "/payloads", event = "arguments_and_socket")]
async fn arguments_and_socket(socket: Socket, Args((text,)): Args<(String,)>, Data(same): Data<String>) -> bool {
    socket.is_connected() && text == same
}

type Answer<T> = Result<T, lambdio::Error>;

#[handler(namespace = "/payloads", event = "aliased")]
async fn aliased(Data(fine): Data<bool>) -> Answer<Name> {
    if fine { Ok(Name("fine".to_owned())) } else { Err(Code::Forbidden.into()) }
}

#[handler(namespace = "/payloads", event = "spread_or_fail")]
async fn spread_or_fail(Data(fine): Data<bool>) -> Answer<Args<(u32, u32)>> {
    if fine { Ok(Args((1, 2))) } else { Err(Code::Forbidden.into()) }
}
