use lambdio::prelude::*;

#[handler(event = "one", guard = missing)]
async fn nothing_there() {}

async fn plain_function() -> Result<(), lambdio::Error> {
    Ok(())
}

#[handler(event = "two", guard = plain_function)]
async fn no_attribute() {}

fn main() {}
