//! A program that can send traces: it is built with the feature `otlp` of lambdio. Who sends the header `x-name` is logged in
//! by that name, so it is a program for tests alone.

use lambdio::{
    auth::{Authenticate, Credentials, Identity},
    prelude::*,
};

struct ByName;

impl Authenticate for ByName {
    type Claims = ();

    async fn authenticate(&self, credentials: &Credentials<'_>) -> Result<Option<Identity>, lambdio::Error> {
        Ok(credentials.header("x-name").map(|name| Identity::new(name.to_owned(), ())))
    }
}

#[connect(namespace = "/work")]
async fn arrive() {}

#[disconnect(namespace = "/work")]
async fn depart() {}

#[handler(namespace = "/work", event = "add")]
async fn add(Data((a, b)): Data<(i32, i32)>) -> i32 {
    tracing::info!("adding");
    a + b
}

#[handler(namespace = "/work", event = "break")]
async fn fall_apart() -> Result<(), lambdio::Error> {
    Err(std::io::Error::other("the cause").into())
}

#[handler(namespace = "/work", any)]
async fn anything() {}

#[route(get = "/items/{id}")]
async fn item(Path(id): Path<u32>) -> u32 {
    id
}

#[route(post = "/sums")]
async fn sum(Data(numbers): Data<Vec<i32>>) -> i32 {
    numbers.iter().sum()
}

fn main() -> lambdio::ExitCode {
    lambdio::App::new().authenticate(async |_| Ok::<_, lambdio::Error>(ByName)).run()
}
