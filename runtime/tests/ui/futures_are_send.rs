use lambdio::prelude::*;
use std::rc::Rc;

#[handler(event = "say")]
async fn say() {
    let shared = Rc::new(1);
    std::future::ready(()).await;
    drop(shared);
}

fn main() {}
