// A server of one document, in memory, and sockets to it, for the tests of the replica. It speaks what the handlers speak.

import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import * as Y from "yjs";

export const ID = "document-1";

export class Server {
  title = "Minutes";
  role = "editor";
  doc = new Y.Doc();
  sockets = new Set();
  /** Every event that reached the server, in order: `{event, payload, socket}`. */
  heard = [];
  /** Asked before each event; what it gives is the answer, undefined lets it through. */
  guard = () => undefined;
  /** Asked after each event was done: whether its answer is lost on the way. */
  losesAnswer = () => false;
  /** Asked before an update goes to another socket: whether it is lost on the way. */
  losesUpdate = () => false;

  get text() {
    return this.doc.getText("text").toString();
  }

  /** How many pushes were heard. */
  get pushes() {
    return this.heard.filter(({ event }) => event === "push").length;
  }

  /** A socket that is connected. */
  connect() {
    const socket = new Socket(this);
    socket.connect();
    return socket;
  }

  /** Cuts all connections; what was stored stays, all else is forgotten. */
  restart() {
    const stored = Y.encodeStateAsUpdate(this.doc);
    const sockets = [...this.sockets];
    for (const socket of sockets) socket.cut();
    this.doc = new Y.Doc();
    Y.applyUpdate(this.doc, stored);
    return sockets;
  }

  /** An event to every socket. */
  tell(event, payload, acknowledge) {
    for (const socket of this.sockets) socket.hear(event, payload, acknowledge);
  }

  answer(socket, event, payload) {
    this.heard.push({ event, payload, socket });
    const refused = this.guard({ event, payload, socket });
    if (refused !== undefined) return refused;
    if (event === "open") return this.#open(socket, payload);
    if (event === "push") return this.#push(socket, payload);
    return null;
  }

  #open(socket, { vector }) {
    socket.begun = [];
    socket.isOpen = true;
    return {
      title: this.title,
      role: this.role,
      owner: { id: "1", name: "ada" },
      update: Buffer.from(Y.encodeStateAsUpdate(this.doc, vector)),
      vector: Buffer.from(Y.encodeStateVector(this.doc)),
    };
  }

  #push(socket, { bytes, more }) {
    if (bytes.length > 48 * 1024) return refusal("payload_too_large");
    socket.begun.push(bytes);
    if (more) return null;
    const update = new Uint8Array(Buffer.concat(socket.begun));
    socket.begun = [];
    try {
      Y.applyUpdate(this.doc, update);
    } catch {
      return refusal("invalid_update");
    }
    for (const other of this.sockets) {
      if (other === socket || !other.isOpen || this.losesUpdate(other)) continue;
      other.hear("updated", { id: ID, update: Buffer.from(update) });
    }
    return null;
  }
}

/** An answer that is an error. */
export function refusal(code, more = {}) {
  return { error: { code, message: `It is ${code}.`, ...more } };
}

/** What the official client's socket is to a page, as far as the replica uses it. */
class Socket {
  connected = false;
  isOpen = false;
  begun = [];
  #server;
  #listeners = new Map();
  #cuts = new Set();

  constructor(server) {
    this.#server = server;
  }

  connect() {
    this.connected = true;
    this.isOpen = false;
    this.begun = [];
    this.#server.sockets.add(this);
    this.#fire("connect");
  }

  cut() {
    this.connected = false;
    this.isOpen = false;
    this.#server.sockets.delete(this);
    for (const fail of this.#cuts) fail(new Error("socket has been disconnected"));
    this.#cuts.clear();
    this.#fire("disconnect", "transport close");
  }

  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
  }

  off(event, listener) {
    this.#listeners.get(event)?.delete(listener);
  }

  emit(event, payload) {
    setImmediate(() => this.connected && this.#server.answer(this, event, payload));
  }

  timeout(milliseconds) {
    return { emitWithAck: (event, payload) => this.#ask(event, payload, milliseconds) };
  }

  hear(event, payload, acknowledge) {
    setImmediate(() => this.connected && this.#fire(event, payload, acknowledge));
  }

  #ask(event, payload, milliseconds) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("operation has timed out")), milliseconds);
      const fail = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.#cuts.add(fail);
      setImmediate(() => {
        if (!this.connected) return;
        const answer = this.#server.answer(this, event, payload);
        if (this.#server.losesAnswer({ event, payload, socket: this })) return;
        setImmediate(() => {
          if (!this.#cuts.delete(fail)) return;
          clearTimeout(timer);
          resolve(answer);
        });
      });
    });
  }

  #fire(event, ...payload) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...payload);
  }
}

/** Waits until it holds, for ten seconds at most. */
export async function eventually(holds, what = holds) {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`It does not come to hold: ${what}`);
    await wait(2);
  }
}

/** Lets everything that is under way arrive. */
export async function settle() {
  for (let count = 0; count < 20; count += 1) await turn();
}
