use lambdio::prelude::*;

#[derive(HandlerError)]
enum EditError {
    NoAttribute,
    #[handler_error(code = "no_message")]
    NoMessage,
    #[handler_error(code = "Not Lower", message = "…")]
    NotLower,
    #[handler_error(code = "odd_status", message = "…", status = 200)]
    OddStatus,
    #[handler_error(code = "no_field", message = "revision {revison}")]
    NoField {
        revision: i64,
    },
    #[handler_error(code = "two_details", message = "…")]
    TwoDetails(#[handler_error(details)] u32, #[handler_error(details)] u32),
    #[handler_error(other)]
    NoError,
    #[handler_error]
    Empty,
}

#[derive(HandlerError)]
struct NoEnum;

// no errors of its own
#[handler(event = "edit")]
async fn edit() -> Result<u32, EditError> {
    Ok("1".parse::<u32>()?)
}

fn main() {}
