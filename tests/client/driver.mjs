// Holds Socket.IO and HTTP clients for one test.

import { Client } from "./client.mjs";
import { serve } from "./commands.mjs";
import { Connection } from "./connection.mjs";
import { bounded } from "./waiting.mjs";

const clients = new Map();
const connections = new Map();
let named = 0;

const client = ({ client, url }) => {
  const name = `${client} ${url}`;
  if (!clients.has(name)) clients.set(name, new Client(url));
  return clients.get(name);
};

const at = (command) => connections.get(command.socket);

const writers = new Map();
const writer = (command) => writers.get(command.writer);

serve({
  trust(command) {
    client(command).ca = command.ca;
  },
  from(command) {
    client(command).localAddress = command.address;
  },
  http2: (command) => client(command).statusOverHttp2(command),
  http: (command) => client(command).request(command),
  async connect(command) {
    const connection = new Connection(client(command), command, connections.get(command.beside));
    const socket = ++named;
    connections.set(socket, connection);
    const refused = await connection.opened(command.within);
    return { socket, refused, session: connection.session() };
  },
  emit: (command) => at(command).emit(command.event, command.args),
  emit_with_ack: (command) => at(command).emitWithAck(command.event, command.args, command.within),
  burst: (command) => at(command).burst(command.event, command.list, command.within),
  next: (command) => at(command).next(command.event, command.within),
  seen: (command) => at(command).seen(),
  answer: (command) => at(command).answer(command.event, command.args),
  state: (command) => at(command).state(),
  gone: (command) => at(command).gone(command.within),
  disconnect: (command) => at(command).disconnect(),
  close: (command) => at(command).close(),
  cut: (command) => at(command).cut(),

  // people who write in the pages' way; the pages' packages are needed for nothing else
  async writer(command) {
    const { Writer } = await import("../../handlers/web/test/writer.js");
    const headers = client(command).cookieHeaders();
    const writer = new Writer({ address: command.through, headers, id: command.document, seed: command.seed });
    writers.set(++named, writer);
    return named;
  },
  write: (command) => writer(command).write(command.keys),
  reload: (command) => writer(command).reload(),
  flush: (command) => bounded(writer(command).flush(), command.within, () => {
    const { status, connection } = writer(command).state();
    return `not stored: ${status}, ${JSON.stringify(connection)}`;
  }),
  written: (command) => writer(command).state(),
  end(command) {
    writer(command).end();
    writers.delete(command.writer);
  },
});
