use lambdio::prelude::*;

const NAME: &str = "say";

#[handler(event = NAME)]
async fn say() {}

#[handler(event = 1)]
async fn count() {}

#[handler(event = )]
async fn nothing() {}

#[middleware(connect, order = "first")]
async fn first() {}

#[middleware(connect = true)]
async fn second() {}

fn main() {}
