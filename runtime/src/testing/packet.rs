//! Packets of Socket.IO 5 as text, of one namespace (<https://socket.io/docs/v4/socket-io-protocol/>).

use serde_json::Value;

/// What a server says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Packet {
    /// The client is in.
    Connected,
    /// The client is not let in, with this message.
    Refused(String),
    /// An event. With `ack` the server wants an answer.
    Event { name: String, arguments: Vec<Value>, ack: Option<u64> },
    /// The answer to an event of the client.
    Ack { ack: u64, arguments: Vec<Value> },
    /// The client was put out.
    PutOut,
}

/// `2/chat,7` and the like: type, namespace, and the number of the acknowledgement.
pub(super) fn head(kind: u8, namespace: &str, ack: Option<u64>) -> String {
    let ack = ack.map(|ack| ack.to_string()).unwrap_or_default();
    if namespace == "/" { format!("4{kind}{ack}") } else { format!("4{kind}{namespace},{ack}") }
}

impl Packet {
    /// Reads a message of Engine.IO.
    ///
    /// # Errors
    /// What it is instead.
    pub fn parse(text: &str, namespace: &str) -> Result<Self, String> {
        Self::try_parse(text, namespace).ok_or_else(|| {
            let beginning: String = text.chars().take(80).collect();
            format!("{beginning:?} is no packet of {namespace} that this client understands")
        })
    }

    fn try_parse(text: &str, namespace: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('4')?.chars();
        let kind = rest.next()?;
        let mut rest = rest.as_str();
        if namespace != "/" {
            rest = rest.strip_prefix(namespace)?;
            // a packet without data may end here
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (ack, data) = rest.split_at_checked(digits)?;
        let ack = ack.parse().ok();
        Some(match kind {
            '0' => Self::Connected,
            '1' => Self::PutOut,
            '2' => {
                let mut arguments = serde_json::from_str::<Vec<Value>>(data).ok()?.into_iter();
                let name = arguments.next()?.as_str()?.to_owned();
                Self::Event { name, arguments: arguments.collect(), ack }
            }
            '3' => Self::Ack { ack: ack?, arguments: serde_json::from_str(data).ok()? },
            '4' => {
                let refusal: Value = serde_json::from_str(data).ok()?;
                Self::Refused(refusal.get("message")?.as_str()?.to_owned())
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn packets_are_read_in_the_main_namespace_and_in_others() {
        for (text, namespace, packet) in [
            (r#"40{"sid":"x"}"#, "/", Packet::Connected),
            (r#"40/chat,{"sid":"x"}"#, "/chat", Packet::Connected),
            (r#"44/chat,{"message":"forbidden"}"#, "/chat", Packet::Refused("forbidden".to_owned())),
            ("41/chat,", "/chat", Packet::PutOut),
            ("41", "/", Packet::PutOut),
            (r#"43/chat,12[{"a":1}]"#, "/chat", Packet::Ack { ack: 12, arguments: vec![json!({"a": 1})] }),
            ("430[]", "/", Packet::Ack { ack: 0, arguments: vec![] }),
        ] {
            assert_eq!(Packet::parse(text, namespace), Ok(packet), "{text}");
        }
        let event = |ack| Packet::Event { name: "said".to_owned(), arguments: vec![json!("x"), json!(2)], ack };
        assert_eq!(Packet::parse(r#"42/chat,["said","x",2]"#, "/chat"), Ok(event(None)));
        assert_eq!(Packet::parse(r#"427["said","x",2]"#, "/"), Ok(event(Some(7))));
    }

    #[test]
    fn what_is_no_packet_is_an_error() {
        for text in ["", "4", "42", "42[]", "42[1]", "43[1]", "451-[\"said\"]", "42/other,[\"said\"]", "4\u{20ac}"] {
            assert!(Packet::parse(text, "/").is_err(), "{text}");
        }
    }

    #[test]
    fn heads_name_every_namespace_but_the_main_one() {
        assert_eq!(head(2, "/", Some(7)), "427");
        assert_eq!(head(2, "/chat", Some(7)), "42/chat,7");
        assert_eq!(head(0, "/chat", None), "40/chat,");
    }
}
