// Where the others are in the text, and where they see this page's user.

import { colourOf } from "../shared/avatar.js";
import { ask } from "../sync/ask.js";
import { showCursors } from "./cursors.js";
import { indexOf, placeOf, readPlace } from "./positions.js";

/** The least time between two messages of where this page's cursor is, in milliseconds. */
const SPACING = 125;
/** The most cursors that are drawn. */
const MOST = 100;

export class Others {
  #socket;
  #id;
  #room;
  #text;
  #view;
  /** By the socket that a cursor is of. */
  #cursors = new Map();
  #listeners;
  #areShown = false;
  #frame;
  /** What was sent last, as JSON; undefined where nobody knows anything. */
  #sent;
  #timer;
  #sentAt = -Infinity;
  #isStarted = false;

  /**
   * @param {object} parts
   * @param {import("socket.io-client").Socket} parts.socket
   * @param {string} parts.id the document's
   * @param {import("yjs").Text} parts.text
   * @param {import("@codemirror/view").EditorView} parts.view
   */
  constructor({ socket, id, text, view }) {
    this.#socket = socket;
    this.#id = id;
    this.#room = `document:${id}`;
    this.#text = text;
    this.#view = view;
    this.#listeners = {
      cursor_moved: (event) => this.#moved(event),
      presence_list: ({ room, entries }) => room === this.#room && this.#keep(new Set(entries.map((entry) => entry.id))),
      presence_left: ({ room, entry }) => room === this.#room && this.#left(entry.id),
      presence_joined: ({ room }) => room === this.#room && this.sendAgain(),
      presence_changed: ({ room }) => room === this.#room && this.sendAgain(),
      disconnect: () => this.#lost(),
    };
    for (const [event, listener] of Object.entries(this.#listeners)) socket.on(event, listener);
    text.observe(this.#show);
  }

  /** The document is open, on this connection: nobody knows of this page's cursor yet. */
  sendAgain() {
    this.#sent = undefined;
    this.moved();
  }

  /** This page's cursor may be somewhere else. */
  moved() {
    this.#isStarted ||= this.#view.hasFocus;
    if (!this.#isStarted) return;
    this.#timer ??= setTimeout(() => this.#send(), this.#sentAt + SPACING - performance.now());
  }

  destroy() {
    for (const [event, listener] of Object.entries(this.#listeners)) this.#socket.off(event, listener);
    this.#text.unobserve(this.#show);
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
  }

  #send() {
    this.#timer = undefined;
    if (!this.#socket.connected) return;
    const { anchor, head } = this.#view.state.selection.main;
    const cursor = { anchor: placeOf(this.#text, anchor), head: placeOf(this.#text, head) };
    const json = JSON.stringify(cursor);
    if (json === this.#sent) return;
    this.#sent = json;
    this.#sentAt = performance.now();
    ask(this.#socket, "cursor", { id: this.#id, cursor }).catch((error) => {
      // the next movement is soon enough, unless it was the last one
      if (error.code === "rate_limited" && this.#sent === json) this.sendAgain();
    });
  }

  #moved({ id, socket, user, cursor }) {
    if (id !== this.#id) return;
    const anchor = cursor && readPlace(cursor.anchor);
    const head = cursor && readPlace(cursor.head);
    this.#cursors.delete(socket);
    if (anchor && head && this.#cursors.size < MOST) this.#cursors.set(socket, { user, anchor, head });
    this.#show();
  }

  #keep(present) {
    for (const [socket, { user }] of this.#cursors) if (!present.has(user.id)) this.#cursors.delete(socket);
    this.#show();
  }

  #left(person) {
    for (const [socket, { user }] of this.#cursors) if (user.id === person) this.#cursors.delete(socket);
    this.#show();
  }

  #lost() {
    this.#cursors.clear();
    this.#sent = undefined;
    this.#show();
  }

  /** Draws them, once a frame at most. */
  #show = () => {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      const places = [...this.#cursors].flatMap(([key, { user, anchor, head }]) => {
        const place = { key, name: user.name, colour: colourOf(user.id), ...this.#placed(anchor, head) };
        return place.head === null || place.anchor === null ? [] : [place];
      });
      if (places.length === 0 && !this.#areShown) return;
      this.#areShown = places.length > 0;
      this.#view.dispatch({ effects: showCursors.of(places) });
    });
  };

  #placed(anchor, head) {
    return { anchor: indexOf(this.#text, anchor), head: indexOf(this.#text, head) };
  }
}
