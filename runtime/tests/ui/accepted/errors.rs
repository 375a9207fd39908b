//! Enums that can be errors.

use lambdio::{AckError, EmitError, JoinError, mongo::bson::doc, prelude::*};
use std::time::Duration;

/// What is there instead.
#[payload]
#[derive(Debug)]
pub struct Current {
    revision: i64,
}

/// Every shape of a variant.
#[derive(Debug, HandlerError)]
#[non_exhaustive]
pub enum Failed {
    /// Without fields.
    #[handler_error(code = "nothing", message = "nothing, not even {{this}}", status = 404)]
    Nothing,
    /// Named fields, one of them the details.
    #[handler_error(code = "stale", message = "at revision {revision}, not {type:?}", status = 409)]
    #[allow(missing_docs)]
    Stale {
        revision: i64,
        r#type: &'static str,
        #[handler_error(details)]
        current: Current,
    },
    /// Numbered fields, one of them in both.
    #[handler_error(code = "pair", message = "{1:>4} and {0}")]
    Pair(#[handler_error(details)] u8, u8),
    /// All other errors.
    #[handler_error(other)]
    Other(lambdio::Error),
}

/// With a name that generated code might use for a type parameter.
#[derive(Debug, HandlerError)]
pub enum E {
    /// One.
    #[handler_error(code = "small", message = "small")]
    Only,
    /// All others.
    #[handler_error(other)]
    Other(lambdio::Error),
}

#[handler(namespace = "/errors", event = "every_error")]
async fn every_error(socket: Socket, notes: Database) -> Result<u64, Failed> {
    socket.join("lobby")?;
    if socket.rooms().is_empty() {
        return Err(Failed::Nothing);
    }
    Err::<(), JoinError>(JoinError::Disconnected)?;
    Err::<(), EmitError>(EmitError::Disconnected)?;
    Err::<(), lambdio::Error>(Code::Forbidden.into())?;
    Err::<(), Code>(Code::Forbidden)?;
    Ok(notes.collection::<lambdio::mongo::bson::Document>("notes").count_documents(doc! {}).await?)
}

#[handler(namespace = "/errors", event = "small_error")]
async fn small_error() -> Result<(), E> {
    Err(E::Only)
}

#[test]
fn a_variant_brings_its_code_message_and_status() {
    let error = Failed::Nothing.into_error();
    assert_eq!((error.code(), error.status(), error.message()), ("nothing", 404, "nothing, not even {this}"));

    let stale = Failed::Stale { revision: 7, r#type: "note", current: Current { revision: 8 } };
    let error = stale.into_error();
    assert_eq!((error.code(), error.message()), ("stale", "at revision 7, not \"note\""));

    let error = Failed::Pair(1, 2).into_error();
    assert_eq!((error.status(), error.message()), (400, "   2 and 1"));

    let error = Failed::from(AckError::Timeout(Duration::from_secs(1))).into_error();
    assert_eq!(error.code(), "internal");

    let error = Failed::from(JoinError::Disconnected).into_error();
    assert_eq!(error.code(), "forbidden", "a client that left is no failure of the handler");
}

#[test]
fn the_codes_of_an_enum_are_listed_with_their_messages_as_written() {
    let cases: Vec<_> = Failed::cases().iter().map(|case| (case.code, case.message)).collect();
    let stale = ("stale", "at revision {revision}, not {type:?}");
    assert_eq!(cases, [("nothing", "nothing, not even {{this}}"), stale, ("pair", "{1:>4} and {0}")]);
}
