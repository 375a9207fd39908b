// Keeps a document on this device, so that it is there without a connection and after a reload.

import * as Y from "yjs";
import { BY_DOCUMENT, DOCUMENTS, UNSAVED, UPDATES, forget, transaction, within } from "./local.js";

/** After so many updates they become one. */
const COMPACT_AFTER = 200;
/** With so many found at the start they become one. */
const COMPACT_AT_START = 20;
/** The least time before writing is tried again, in milliseconds. */
const RETRY = 5_000;

/**
 * Writes every change of a Yjs document, whoever made it, to this device's database.
 *
 * Fires `change` when `isKeeping` changes. Several pages may keep the same document: what they write adds up. A document
 * that another page has forgotten stays forgotten.
 *
 * With what was typed it keeps a mark that the server may not have it, until `saved` takes the mark away.
 */
export class Keeper extends EventTarget {
  /** False where this browser keeps nothing: in some private windows, on a full disk. */
  isKeeping = true;
  /** What was kept beside the text, or null: `{title, role, owner}`. */
  facts = null;

  #user;
  #id;
  #doc;
  #isOver = false;
  #waiting = [];
  #mustWriteAll = false;
  #writing = null;
  #written = 0;
  #failed = -Infinity;
  /** How many changes were typed here, and how many of them, counted from the first, the server has. */
  #typed = 0;
  #saved = 0;
  /** The marks that pages before this one have left. */
  #found = [];
  #mustUnmark = false;

  /**
   * Puts what is kept into the document, and keeps what comes. Where there is nothing, it begins with `describe`.
   *
   * @param {object} parts
   * @param {string} parts.user the id of who is logged in
   * @param {string} parts.id the document's id
   * @param {Y.Doc} parts.doc
   */
  static async open({ user, id, doc }) {
    const keeper = new Keeper(user, id, doc);
    await keeper.#load();
    doc.on("update", keeper.#changed);
    return keeper;
  }

  constructor(user, id, doc) {
    super();
    this.#user = user;
    this.#id = id;
    this.#doc = doc;
  }

  /** Whether something is not yet written. */
  get isWriting() {
    return this.#writing !== null || this.#waiting.length > 0;
  }

  /** Keeps these facts beside the text. */
  async describe({ title, role, owner }) {
    if (this.#isOver) return;
    const known = this.facts;
    if (known?.title === title && known.role === role && known.owner.id === owner.id && known.owner.name === owner.name) return;
    this.facts = { title, role, owner };
    const record = { user: this.#user, id: this.#id, title, role, owner };
    try {
      if (known === null) await transaction((stores) => void stores[DOCUMENTS].put(record));
      else await this.#transaction((stores) => void stores[DOCUMENTS].put(record));
    } catch (error) {
      this.#hasFailed(error);
    }
    if (known === null) {
      this.#mustWriteAll = true;
      this.#write();
    }
  }

  /** The server has all that is in the document now, what was found here included. */
  saved() {
    if (this.#saved === this.#typed && this.#found.length === 0) return;
    this.#saved = this.#typed;
    this.#mustUnmark = true;
    this.#write();
  }

  /** Resolves when nothing waits to be written, or nothing can be. */
  async written() {
    while (this.#writing !== null) await this.#writing;
  }

  /** Deletes what is kept of the document, and keeps nothing more. */
  async forget() {
    this.destroy();
    await this.#writing;
    await forget(this.#user, this.#id);
  }

  /** Keeps nothing more; what is kept stays. */
  destroy() {
    this.#isOver = true;
    this.#waiting = [];
    this.#doc.off("update", this.#changed);
  }

  #changed = (update, _origin, _doc, { local }) => {
    if (local) this.#typed += 1;
    if (this.facts === null) return;
    this.#waiting.push(update);
    this.#write();
  };

  async #load() {
    try {
      const { facts, updates, marks } = await this.#read();
      if (!facts) return;
      this.#found = marks;
      this.facts = { title: facts.title, role: facts.role, owner: facts.owner };
      Y.transact(this.#doc, () => updates.forEach(({ update }) => Y.applyUpdate(this.#doc, update)), this, false);
      if (updates.length > COMPACT_AT_START) await this.#compact();
    } catch (error) {
      this.#hasFailed(error);
    }
  }

  async #read() {
    const found = {};
    await transaction((stores) => {
      const facts = stores[DOCUMENTS].get([this.#user, this.#id]);
      facts.onsuccess = () => (found.facts = facts.result);
      const updates = stores[UPDATES].index(BY_DOCUMENT).getAll([this.#user, this.#id]);
      updates.onsuccess = () => (found.updates = updates.result);
      const marks = stores[UNSAVED].getAll(within(this.#user, this.#id));
      marks.onsuccess = () => (found.marks = marks.result);
    }, "readonly");
    return found;
  }

  /** One transaction at a time; what comes meanwhile is the next one. */
  async #write() {
    if (this.#writing !== null || this.#isOver || (!this.isKeeping && performance.now() - this.#failed < RETRY)) return;
    while ((this.#waiting.length > 0 || this.#mustWriteAll || this.#mustUnmark) && !this.#isOver) {
      this.#writing = this.#writeOnce();
      const isWritten = await this.#writing;
      this.#writing = null;
      if (!isWritten) return;
    }
  }

  async #writeOnce() {
    const update = this.#nextUpdate();
    const mark = { user: this.#user, id: this.#id, page: this.#doc.clientID, count: this.#typed };
    const isUnsaved = this.#typed > this.#saved;
    const isUnmarking = this.#mustUnmark;
    this.#waiting = [];
    this.#mustWriteAll = false;
    this.#mustUnmark = false;
    try {
      await this.#transaction((stores) => {
        if (update !== null) stores[UPDATES].add({ user: this.#user, id: this.#id, update });
        if (isUnmarking) this.#found.forEach((old) => unmark(stores[UNSAVED], old));
        if (isUnsaved) stores[UNSAVED].put(mark);
        else if (isUnmarking) stores[UNSAVED].delete([mark.user, mark.id, mark.page]);
      });
      if (isUnmarking) this.#found = [];
      if (update !== null) this.#written += 1;
      if (this.#written >= COMPACT_AFTER) await this.#compact();
    } catch (error) {
      this.#mustUnmark ||= isUnmarking;
      this.#hasFailed(error);
      return false;
    }
    this.#setKeeping(true);
    return true;
  }

  /** What is to be written of the text, or null. */
  #nextUpdate() {
    if (this.#mustWriteAll) return Y.encodeStateAsUpdate(this.#doc);
    return this.#waiting.length > 0 ? Y.mergeUpdates(this.#waiting) : null;
  }

  /** All updates become one, without the text that is deleted. In one transaction, so that no page's update is missed. */
  async #compact() {
    this.#written = 0;
    await this.#transaction((stores) => {
      const store = stores[UPDATES];
      const index = store.index(BY_DOCUMENT);
      const keys = index.getAllKeys([this.#user, this.#id]);
      const all = index.getAll([this.#user, this.#id]);
      all.onsuccess = () => {
        const doc = new Y.Doc();
        Y.transact(doc, () => all.result.forEach(({ update }) => Y.applyUpdate(doc, update)));
        store.add({ user: this.#user, id: this.#id, update: Y.encodeStateAsUpdate(doc) });
        keys.result.forEach((key) => store.delete(key));
        doc.destroy();
      };
    });
  }

  /** Writes only while the document is not forgotten. */
  #transaction(work) {
    return transaction((stores, running) => {
      const known = stores[DOCUMENTS].get([this.#user, this.#id]);
      known.onsuccess = () => {
        if (known.result !== undefined) return;
        this.destroy();
        running.abort();
      };
      work(stores);
    });
  }

  #hasFailed(error) {
    if (this.#isOver) return;
    console.warn("This browser does not keep the document.", error);
    this.#failed = performance.now();
    this.#mustWriteAll = true;
    this.#setKeeping(false);
  }

  #setKeeping(isKeeping) {
    if (this.isKeeping === isKeeping) return;
    this.isKeeping = isKeeping;
    this.dispatchEvent(new Event("change"));
  }
}

/** Takes the mark of another page away, unless that page has typed more since. */
function unmark(store, { user, id, page, count }) {
  const present = store.get([user, id, page]);
  present.onsuccess = () => {
    if (present.result !== undefined && present.result.count <= count) store.delete([user, id, page]);
  };
}
