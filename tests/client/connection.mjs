// One socket of socket.io-client, with everything that it has seen.

import { io } from "socket.io-client";
import { Inbox, Unmet, bounded } from "./waiting.mjs";

const TRANSPORTS = { websocket: ["websocket"], polling: ["polling"], upgrade: ["polling", "websocket"] };

const show = (value) => JSON.stringify(value)?.slice(0, 500);

export class Connection {
  #socket;
  #inbox = new Inbox();
  #seen = [];
  #answers = new Map();
  #end;
  #opened;
  #reconnects;

  /** Connects; `beside` shares the connection of another socket. */
  constructor(client, { namespace, transport, auth, headers, query, emits, reconnects }, beside) {
    this.#socket = beside
      ? beside.#socket.io.socket(namespace, { auth: auth ?? {} })
      : io(new URL(namespace, client.url).href, {
          transports: TRANSPORTS[transport],
          auth: auth ?? {},
          extraHeaders: { ...client.cookieHeaders(), ...headers },
          query: query ?? {},
          ca: client.ca,
          localAddress: client.localAddress,
          forceNew: true,
          autoConnect: false,
          reconnection: Boolean(reconnects),
          reconnectionDelay: 20,
          reconnectionDelayMax: 50,
        });
    const socket = this.#socket;
    this.#reconnects = Boolean(reconnects);
    this.#opened = new Promise((resolve) => {
      socket.once("connect", () => resolve(null));
      socket.once("connect_error", (error) => resolve({ message: error.message, data: error.data ?? null }));
    });
    this.#end = new Promise((resolve) => {
      socket.on("disconnect", (reason) => {
        this.reason = reason;
        resolve(reason);
      });
    });
    socket.onAny((event, ...args) => this.#receive(event, args));
    socket.connect();
    // before CONNECT is answered: the client sends these in the tick in which it learns that it is connected
    for (const [event, args] of emits ?? []) socket.emit(event, ...args);
  }

  #receive(event, args) {
    if (typeof args.at(-1) === "function") {
      const answer = args.pop();
      if (this.#answers.has(event)) answer(...this.#answers.get(event));
    }
    this.#seen.push({ event, args });
    this.#inbox.push({ event, args });
  }

  /** `null` once connected, or why the server refused. */
  opened(within) {
    return bounded(this.#opened, within, () => "neither connected nor refused");
  }

  emit(event, args) {
    this.#socket.emit(event, ...args);
  }

  /** Every argument of the acknowledgement. */
  emitWithAck(event, args, within) {
    const ack = new Promise((resolve) => this.#socket.emit(event, ...args, (...values) => resolve(values)));
    const left = (this.#reconnects ? new Promise(() => {}) : this.#end).then((reason) => {
      throw new Unmet(`no acknowledgement of ${event}: the connection ended (${reason})`);
    });
    return bounded(Promise.race([ack, left]), within, () => `no acknowledgement of ${event}; ${this.#sight()}`);
  }

  /** Emits once for each list of arguments, all in one tick; gives the acknowledgements in the order they came. */
  burst(event, list, within) {
    const came = [];
    const all = list.map(
      (args, place) =>
        new Promise((resolve) => {
          this.#socket.emit(event, ...args, (...values) => resolve(came.push([place, values])));
        }),
    );
    const left = () => `${came.length} of ${list.length} acknowledgements of ${event}; ${this.#sight()}`;
    return bounded(Promise.all(all), within, left).then(() => came);
  }

  async next(event, within) {
    const missing = () => `no event ${event}; ${this.#sight()}`;
    return (await this.#inbox.take((item) => item.event === event, within, missing)).args;
  }

  seen() {
    return this.#seen;
  }

  /** From now on events of this name are acknowledged with these arguments; with `null` never. */
  answer(event, args) {
    if (args === null) this.#answers.delete(event);
    else this.#answers.set(event, args);
  }

  state() {
    const socket = this.#socket;
    return { connected: socket.connected, id: socket.id ?? null, transport: socket.io.engine?.transport?.name ?? null };
  }

  /** The id of the Engine.IO session, a credential. */
  session() {
    return this.#socket.io.engine?.id ?? null;
  }

  gone(within) {
    return bounded(this.#end, within, () => `still connected; ${this.#sight()}`);
  }

  /** Leaves the namespace. */
  disconnect() {
    this.#socket.disconnect();
  }

  /** Closes the connection as a closed browser tab does. */
  close() {
    this.#socket.io.engine.close();
  }

  /** Destroys the TCP connection without a goodbye. */
  cut() {
    const { transport } = this.#socket.io.engine;
    if (transport.name !== "websocket") throw new Unmet("only a websocket can be cut");
    transport.ws._socket.resetAndDestroy();
  }

  #sight() {
    const state = this.#socket.connected ? "connected" : `not connected (${this.reason ?? "never was"})`;
    return `${state}, seen so far: ${show(this.#seen)}`;
  }
}
