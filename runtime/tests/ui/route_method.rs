use lambdio::prelude::*;

#[route]
async fn none() {}

#[route(get = "/a", post = "/b")]
async fn two() {}

#[route(get = "a")]
async fn relative() {}

#[route(get = "/:id")]
async fn colon() {}

#[route(get = "/documents/{id}.json")]
async fn part() {}

#[route(get = "/{id}/{id}")]
async fn twice() {}

fn main() {}
