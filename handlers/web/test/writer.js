// Somebody who writes without a page: the replica of the pages, a socket of the official client, and keys that are drawn
// from a seed. The integration tests let three of them loose.

import { io } from "socket.io-client";
import * as Y from "yjs";
import { Replica } from "../src/sync/replica.js";

/** Small waits, since tests are in a hurry. */
const WAITS = { soon: 20, late: 200, spacing: 5, patience: 2_000 };

const WORDS = ["a", "bc", "déf", " ", "\n", "€", "😀", "the quick brown fox", "x".repeat(300)];

/** Numbers from 0 up to 1, the same for the same seed (mulberry32, in the public domain). */
const drawn = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

export class Writer {
  #address;
  #headers;
  #id;
  #draw;
  #doc;
  #socket;
  #replica;
  /** Why the last connection failed. */
  #refused;

  /** Writes in the document `id`, over `address`, with the headers of somebody who is logged in. */
  constructor({ address, headers, id, seed }) {
    this.#address = address;
    this.#headers = headers;
    this.#id = id;
    this.#draw = drawn(seed);
    this.#begin(new Y.Doc());
  }

  #begin(doc) {
    this.#doc = doc;
    this.#socket = io(`${this.#address}/documents`, {
      transports: ["websocket"],
      extraHeaders: this.#headers,
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      timeout: 2_000,
    });
    this.#socket.on("connect_error", (error) => (this.#refused = error.message));
    this.#replica = new Replica({ doc, socket: this.#socket, id: this.#id, options: WAITS });
  }

  #below(limit) {
    return Math.floor(this.#draw() * limit);
  }

  /** Inserts and deletes at random places. Some keys go into one change. */
  write(keys) {
    const text = this.#doc.getText("text");
    const press = () => {
      if (text.length > 0 && this.#draw() < 0.35) {
        const at = this.#below(text.length);
        text.delete(at, Math.min(1 + this.#below(12), text.length - at));
      } else {
        text.insert(this.#below(text.length + 1), WORDS[this.#below(WORDS.length)]);
      }
    };
    if (this.#draw() < 0.3) this.#doc.transact(() => Array.from({ length: keys }, press));
    else Array.from({ length: keys }, press);
  }

  /** As a page that is loaded again: all that is left is what the device has kept. */
  reload() {
    const kept = Y.encodeStateAsUpdate(this.#doc);
    this.end();
    const doc = new Y.Doc();
    Y.applyUpdate(doc, kept);
    this.#begin(doc);
  }

  /** Resolves when everything is stored. */
  flush() {
    return this.#replica.flush();
  }

  state() {
    const { connected, active, io: manager } = this.#socket;
    const connection = { connected, active, manager: manager._readyState, refused: this.#refused };
    return { text: this.#doc.getText("text").toString(), status: this.#replica.status, connection };
  }

  end() {
    this.#replica.destroy();
    this.#socket.disconnect();
  }
}
