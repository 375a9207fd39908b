// Keeps a document on this device, so that it is there without a connection and after a reload.

import * as Y from "yjs";
import { BY_DOCUMENT, DOCUMENTS, UPDATES, forget, transaction } from "./local.js";

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

  #changed = (update) => {
    if (this.facts === null) return;
    this.#waiting.push(update);
    this.#write();
  };

  async #load() {
    try {
      const { facts, updates } = await this.#read();
      if (!facts) return;
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
    }, "readonly");
    return found;
  }

  /** One transaction at a time; what comes meanwhile is the next one. */
  async #write() {
    if (this.#writing !== null || this.#isOver || (!this.isKeeping && performance.now() - this.#failed < RETRY)) return;
    while ((this.#waiting.length > 0 || this.#mustWriteAll) && !this.#isOver) {
      this.#writing = this.#writeOnce();
      const isWritten = await this.#writing;
      this.#writing = null;
      if (!isWritten) return;
    }
  }

  async #writeOnce() {
    const update = this.#mustWriteAll ? Y.encodeStateAsUpdate(this.#doc) : Y.mergeUpdates(this.#waiting);
    this.#waiting = [];
    this.#mustWriteAll = false;
    try {
      await this.#transaction((stores) => void stores[UPDATES].add({ user: this.#user, id: this.#id, update }));
      this.#written += 1;
      if (this.#written >= COMPACT_AFTER) await this.#compact();
    } catch (error) {
      this.#hasFailed(error);
      return false;
    }
    this.#setKeeping(true);
    return true;
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
