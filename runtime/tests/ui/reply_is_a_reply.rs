use lambdio::prelude::*;

struct Plain;

type Fallible<T> = Result<T, Plain>;

#[handler(event = "plain")]
async fn plain() -> Plain {
    Plain
}

#[handler(event = "plain_or_error")]
async fn plain_or_error() -> Result<Plain, lambdio::Error> {
    Ok(Plain)
}

#[handler(event = "text_as_error")]
async fn text_as_error() -> Result<(), String> {
    Ok(())
}

#[handler(event = "through_an_alias")]
async fn through_an_alias() -> Fallible<u32> {
    Ok(1)
}

#[connect]
async fn arrive() -> u32 {
    1
}

#[route(get = "/")]
async fn page() -> Result<Html, Plain> {
    Ok(Html(String::new()))
}

fn main() {}
