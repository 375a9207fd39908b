// The documents of the list, and what is known of each. No elements: whoever shows them listens.

import { lastMe } from "../shared/session.js";

/** @typedef {{id: string, title: string, owner: {id: string, name: string}, role: string, updated_at: string, here: number}} Line */

/** What the browser keeps of the list, so that it is there at once the next time. */
const KEPT = "documents:list";

export class Documents {
  /** @type {Map<string, Line>} */
  #lines = new Map();
  #listeners = new Set();
  #ending = new Set();
  #owner;

  /** Begins with what was there the last time that this person was. */
  constructor(me) {
    this.#owner = me.id;
    for (const line of kept(me.id)) this.#lines.set(line.id, { ...line, here: 0 });
  }

  /** Calls back after each change. */
  listen(listener) {
    this.#listeners.add(listener);
  }

  get(id) {
    return this.#lines.get(id);
  }

  /** All of them, the newest change first. */
  sorted() {
    return [...this.#lines.values()].sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at));
  }

  /** Takes the place of all that was known. */
  replace(lines) {
    this.#lines = new Map(lines.map((line) => [line.id, line]));
    this.#tell();
  }

  /** Adds a document, or replaces what is known of it. */
  put(line) {
    this.#lines.set(line.id, line);
    this.#tell();
  }

  /** Changes what is known of a document that is here. */
  change(id, what) {
    const line = this.#lines.get(id);
    if (line) this.put({ ...line, ...what });
  }

  /** The user is about to remove a document here; or, with `false`, is not any more. */
  expectEnd(id, isExpected) {
    if (isExpected) this.#ending.add(id);
    else this.#ending.delete(id);
  }

  /** Whether the user removes this document here. */
  isEnding(id) {
    return this.#ending.has(id);
  }

  /** Removes a document, and gives what was known of it. */
  remove(id) {
    const line = this.#lines.get(id);
    if (this.#lines.delete(id)) this.#tell();
    return line;
  }

  #tell() {
    keep(this.#owner, this.sorted());
    for (const listener of this.#listeners) listener();
  }
}

function kept(owner) {
  try {
    const list = JSON.parse(localStorage.getItem(KEPT));
    return list.owner === owner ? list.lines.filter(({ id, title, owner }) => id && title && owner.name) : [];
  } catch {
    // nothing, or nothing that these pages have written
    return [];
  }
}

function keep(owner, lines) {
  if (lastMe()?.id !== owner) return; // who has just logged out leaves nothing
  try {
    localStorage.setItem(KEPT, JSON.stringify({ owner, lines }));
  } catch {
    // no room: the next time the list comes a little later
  }
}
