use lambdio::prelude::*;

struct Chat;

impl Chat {
    #[handler(event = "say")]
    async fn say(&self) {}
}

fn main() {}
