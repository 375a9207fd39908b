//! tmp
use lambdio::prelude::*;

/// Echo
#[handler(namespace = "/echo", event = "echo")]
async fn echo(Data(value): Data<String>) -> String {
    value
}
#[handler(namespace = "/documents", event = "x", timeout = "1s")]
async fn newtype(
    Args((a, b)): Args<(u32, Option<u32>)>,
    _s: Socket,
    _u: User,
) -> Result<Args<(u32, u32)>, lambdio::Error> {
    if a == 0 {
        panic!("zero")
    }
    Ok(Args((a, b.unwrap_or(0))))
}
