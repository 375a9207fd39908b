use lambdio::prelude::*;

#[handler(event = "one", timeout = "soon")]
async fn one() {}

#[handler(event = "two", timeout = "0s")]
async fn two() {}

#[handler(event = "three", timeout = "10us")]
async fn three() {}

#[handler(event = "four", timeout = 2)]
async fn four() {}

fn main() {}
