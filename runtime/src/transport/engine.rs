//! The Engine.IO settings.

use crate::config::Settings;
use socketioxide::{ParserConfig, SocketIo, SocketIoBuilder, TransportType, layer::SocketIoLayer};

/// Packets that may wait for a client. What waits is limited in bytes, before it is handed to the transport, by a setting that
/// may change: so many packets never wait. A queue takes memory for what is in it only.
const PACKETS: usize = 1 << 28;
/// What a websocket reads at once, in bytes. The buffer is there as long as the connection; the listener reads ahead.
const READ_BUFFER: usize = 512;
/// Attachments of one event.
const ATTACHMENTS: usize = 64;

/// The transport, with every limit of the configuration set. The stock limits are far higher.
pub(crate) fn build(settings: &Settings) -> (SocketIoLayer, SocketIo) {
    let socketio = &settings.socketio;
    let message = socketio.max_message_size.as_usize();
    let parser = ParserConfig::common().max_incoming_binary_buf_size(message).max_incoming_binaries(ATTACHMENTS);
    SocketIoBuilder::new()
        .req_path(socketio.path.clone())
        .ping_interval(socketio.ping_interval)
        .ping_timeout(socketio.ping_timeout)
        .connect_timeout(socketio.connect_timeout)
        .ack_timeout(socketio.ack_timeout)
        .max_payload(message as u64)
        .ws_max_message_size(message)
        .ws_max_frame_size(message)
        .ws_read_buffer_size(READ_BUFFER)
        .max_buffer_size(PACKETS)
        .transports([TransportType::Polling, TransportType::Websocket])
        .with_parser(parser)
        .build_layer()
}
