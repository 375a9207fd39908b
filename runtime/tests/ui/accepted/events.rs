//! Types that can be events.

use lambdio::wire::Arguments as _;
use lambdio::{Event, prelude::*};

/// Public, with an acknowledgement.
#[event(namespace = "/events", name = "asked", ack = Result<Vec<Vec<u8>>, (u8, String)>)]
#[derive(Debug, Clone)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// What is asked.
    pub full_text: String,
}

/// Seen in the crate only.
#[event(name = "pair")]
pub(crate) struct Pair(u32, u32);

/// Without fields.
#[event(name = "nothing")]
pub(crate) struct Nothing;

/// Several arguments.
#[event(name = "moved")]
pub(crate) struct Moved(pub(crate) Args<(u32, u32)>);

/// One of several.
#[event(name = "state", namespace = "/events")]
pub(crate) enum State {
    /// It is there.
    Here,
    /// It is elsewhere.
    There {
        /// Where it is.
        place: String,
    },
}

#[event(name = "left_out")]
#[cfg(any())]
struct LeftOut(Missing);

#[event(name = "raw")]
struct r#Raw {
    r#type: u8,
}

#[test]
fn a_value_is_one_argument_and_args_are_several() {
    fn arguments<E: Event>(event: &E) -> String {
        event.arguments().encode().and_then(|sent| serde_json::to_string(&sent)).unwrap_or_default()
    }

    assert_eq!(arguments(&Asked { full_text: "?".to_owned() }), r#"[{"fullText":"?"}]"#);
    assert_eq!(arguments(&Pair(1, 2)), "[[1,2]]");
    assert_eq!(arguments(&Nothing), "[null]");
    assert_eq!(arguments(&Moved(Args((1, 2)))), "[1,2]");
    assert_eq!(arguments(&State::Here), r#"["Here"]"#);
    assert_eq!(arguments(&State::There { place: "x".to_owned() }), r#"[{"There":{"place":"x"}}]"#);
    assert_eq!(arguments(&Raw { r#type: 1 }), r#"[{"type":1}]"#);
    assert_eq!((Asked::NAMESPACE, Asked::NAME), ("/events", "asked"));
}
