use lambdio::prelude::*;

#[middleware(namespace = "/chat")]
async fn which() {}

#[middleware]
async fn none() {}

#[middleware(conect)]
async fn typing() {}

fn main() {}
