//! The Engine.IO settings.

use crate::config::Settings;
use socketioxide::{ParserConfig, SocketIo, SocketIoBuilder, TransportType, layer::SocketIoLayer};

/// The shortest event on the wire, `42["e"]`. What may wait for a client is limited in bytes, before it is handed to the
/// transport: so many packets never wait.
const SHORTEST_PACKET: usize = 7;
/// What a websocket reads at once, in bytes. The buffer is there as long as the connection; the listener reads ahead.
const READ_BUFFER: usize = 512;
/// Attachments of one event.
const ATTACHMENTS: usize = 64;

/// The transport, with every limit of the configuration set. The stock limits are far higher.
pub(crate) fn build(settings: &Settings) -> (SocketIoLayer, SocketIo) {
    let socketio = &settings.socketio;
    let message = socketio.max_message_size.as_usize();
    let packets = socketio.max_unsent_size.as_usize() / SHORTEST_PACKET;
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
        .max_buffer_size(packets.max(1024))
        .transports([TransportType::Polling, TransportType::Websocket])
        .with_parser(parser)
        .build_layer()
}
