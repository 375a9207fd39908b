//! How long packets are on the wire.

/// How long a packet is on the wire.
#[derive(Debug, Clone)]
pub(crate) struct PacketSize {
    /// The packet, with the digit of Engine.IO before it.
    pub text: usize,
    pub attachments: Vec<usize>,
}

impl PacketSize {
    /// Never more than what is really written: else the difference would wait for ever.
    pub fn on_wire(&self, is_websocket: bool) -> u64 {
        // RFC 6455, section 5.2: the head of a frame that is not masked
        let head = |length: usize| match length {
            _ if !is_websocket => 0,
            0..=125 => 2,
            126..=65_535 => 4,
            _ => 10,
        };
        let attachments: usize = self.attachments.iter().map(|&length| head(length) + length).sum();
        (head(self.text) + self.text + attachments) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::PacketSize;

    #[test]
    fn a_websocket_adds_the_heads_of_frames() {
        let packet = PacketSize { text: 125, attachments: vec![126, 65_536] };
        assert_eq!(packet.on_wire(false), 125 + 126 + 65_536);
        assert_eq!(packet.on_wire(true), packet.on_wire(false) + 2 + 4 + 10);
    }
}
