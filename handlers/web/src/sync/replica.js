// This page's copy of a document, kept the same as the server's. No DOM: this also runs in Node.
//
// Over each connection one loop works: it opens the document, then pushes one update after another. What is typed while an
// update is on its way waits, and goes as one update afterwards. Nothing is remembered across connections but the document
// itself: opening gives the server's state, and what the server lacks is computed from that. So an update whose answer was
// lost is neither lost nor harmful: it is pushed again where it did not arrive.
//
// Where something fails that may work later, the loop waits longer each time. Where it is not certain whether the server
// took a piece of an update, it opens the document again, which makes the server forget the pieces it has.

import * as Y from "yjs";
import { ask, AskError } from "./ask.js";
import { bytesOf, piecesOf } from "./bytes.js";
import { lackedByServer } from "./difference.js";
import { Link } from "./link.js";

/** @typedef {"opening" | "offline" | "saving" | "saved" | "reading" | "refused" | "gone"} Status */

/** Limits and waits; times are in milliseconds. */
const DEFAULTS = {
  /** The most bytes of an update that go in one event. */
  pieceSize: 48 * 1024,
  /** The least time between the starts of two updates. */
  spacing: 50,
  /** How long the server may take for an answer. */
  patience: 15_000,
  /** The first and the longest wait before something is tried again. */
  soon: 250,
  late: 10_000,
  /** How long an update of others may wait for one it builds on, before the document is opened again. */
  gap: 1_000,
};

/** The longest wait that the server can ask for, in milliseconds. */
const LONGEST_RETRY_AFTER = 60_000;

/**
 * Keeps a Yjs document and the server's the same, for as long as it is not destroyed.
 *
 * Fires `change` whenever one of its properties has changed, and `opened` whenever the server has opened the document, on
 * the first connection and on each later one. The properties:
 *
 * - `status`: "opening" until the first answer, as long as nothing is typed; "offline" without a connection; "saving" while something typed is not
 *   stored by the server, "saved" when all is; "reading" for readers; "refused" when the server does not take what was
 *   typed, and never will; "gone" when the document is no more, or not for this user.
 * - `isUnsaved`: something typed here is not known to be stored by the server.
 * - `outcome`: `{code, message}` once the status is "refused" or "gone", else null. The code is that of the server's error,
 *   or the reason why the document was removed: "deleted", "access_removed", "left".
 * - `title`, `role`, `owner`: what the server said last; before that undefined.
 */
export class Replica extends EventTarget {
  /** @type {Status} */ status = "opening";
  /** @type {{code: string, message: string} | null} */ outcome = null;
  /** @type {string | undefined} */ title;
  /** @type {"owner" | "editor" | "reader" | undefined} */ role;
  /** @type {{id: string, name: string} | undefined} */ owner;

  #doc;
  #socket;
  #id;
  #admission;
  #options;
  #listeners;
  /** @type {Link | null} */ #link = null;
  #isDestroyed = false;
  #isGone = false;
  /** Whether the server has answered on this connection, and whether there was a time when it could not be reached. */
  #isReached = false;
  #wasOffline = false;
  /** How many changes were made here, and how many of them, counted from the first, the server has stored. */
  #made = 0;
  #stored = 0;
  /** How often in a row the server said of an update that it will never take it. */
  #refusals = 0;
  /** @type {{mark: number, resolve: () => void, reject: (error: Error) => void}[]} */ #flushes = [];
  #gapTimer;
  #told = [];

  /**
   * @param {object} parts
   * @param {Y.Doc} parts.doc may already hold what this device has kept
   * @param {import("socket.io-client").Socket} parts.socket connected or not
   * @param {string} parts.id the document's id
   * @param {"owner" | "editor" | "reader"} [parts.role] the last one known
   * @param {Promise<any>} [parts.admission] ends when the server can let this user in; before that it is not asked to
   * @param {Partial<typeof DEFAULTS>} [parts.options]
   */
  constructor({ doc, socket, id, role, admission, options }) {
    super();
    this.#doc = doc;
    this.#socket = socket;
    this.#id = id;
    this.#admission = admission;
    this.role = role;
    this.#options = { ...DEFAULTS, ...options };
    this.#listeners = {
      connect: () => this.#connected(),
      disconnect: () => this.#disconnected(),
      connect_error: () => this.#disconnected(),
      ...this.#ofThisDocument({
        updated: ({ update }) => this.#updated(update),
        role_changed: ({ role }) => this.#roleChanged(role),
        document_changed: ({ title }) => this.#set({ title }),
        document_removed: ({ reason }) => this.#leave({ code: reason, message: "You can no longer open this document." }),
        flush: (_, acknowledge) => this.#flushAsked(acknowledge),
      }),
    };
    for (const [event, listener] of Object.entries(this.#listeners)) socket.on(event, listener);
    doc.on("update", this.#changed);
    if (socket.connected) this.#connected();
    this.#tell();
  }

  get isUnsaved() {
    return this.#stored < this.#made;
  }

  /** Whether this user may change the document. Until the role is known they may. */
  get mayWrite() {
    return this.role !== "reader" && this.outcome === null;
  }

  /**
   * Resolves when the server has stored what was typed until now; at once for readers. It waits for as long as that takes.
   *
   * @throws {AskError} it will never be stored from here: with the code of the outcome, or `destroyed`
   */
  flush() {
    return new Promise((resolve, reject) => {
      this.#flushes.push({ mark: this.#made, resolve, reject });
      this.#settleFlushes();
    });
  }

  /** Stops for good, and tells the server that the document is closed here. The Y.Doc stays as it is. */
  destroy() {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    for (const [event, listener] of Object.entries(this.#listeners)) this.#socket.off(event, listener);
    this.#doc.off("update", this.#changed);
    this.#endLink();
    if (this.#socket.connected && !this.#isGone) this.#socket.emit("close", { id: this.#id }, () => {});
    this.#settleFlushes();
  }

  // What happens to it

  #connected() {
    this.#endLink();
    if (!this.#isGone) this.#work((this.#link = new Link()));
  }

  #disconnected() {
    this.#endLink();
    this.#unreached();
  }

  #unreached() {
    this.#isReached = false;
    this.#wasOffline = true;
    this.#tell();
  }

  /** The document has changed, here or elsewhere. */
  #changed = (update, origin) => {
    if (origin === this || !this.mayWrite) return;
    this.#made += 1;
    this.#link?.waiting.push(update);
    this.#link?.nudge();
    this.#tell();
  };

  #updated(update) {
    try {
      Y.applyUpdate(this.#doc, bytesOf(update), this);
    } catch (error) {
      console.error("An update could not be applied; the document is opened again.", error);
      this.#openAgain();
    }
    if (this.#hasGap()) this.#gapTimer ??= setTimeout(() => this.#closeGap(), this.#options.gap);
  }

  /** Whether something has come that builds on what has not. */
  #hasGap() {
    return this.#doc.store.pendingStructs !== null || this.#doc.store.pendingDs !== null;
  }

  #closeGap() {
    this.#gapTimer = undefined;
    if (this.#hasGap()) this.#openAgain();
  }

  #roleChanged(role) {
    const mightWrite = this.mayWrite;
    this.#set({ role });
    if (!mightWrite && this.mayWrite) this.#openAgain(); // what was typed while it could not be pushed is computed then
  }

  #flushAsked(acknowledge) {
    this.flush().then(
      () => acknowledge?.(true),
      () => acknowledge?.(false),
    );
  }

  // The loop

  async #work(link) {
    await this.#admission;
    let failures = 0;
    while (!link.isOver) {
      try {
        if (link.isDue) {
          await this.#open(link);
          continue; // the failures are over only when there is nothing left to push
        }
        if (link.waiting.length > 0 && this.mayWrite) await this.#push(link);
        else await link.idle();
        failures = 0;
      } catch (error) {
        if (link.isOver) return;
        link.isDue = true;
        this.#judge(error);
        await link.sleep(this.#delay(error, failures));
        failures += 1;
      }
    }
  }

  async #open(link) {
    link.isDue = false;
    const vector = Y.encodeStateVector(this.#doc);
    let opened;
    try {
      opened = await this.#ask("open", { id: this.#id, vector });
    } catch (error) {
      if (!link.isOver && !error.isUntouched) this.#unreached();
      throw error;
    }
    if (link.isOver) return;
    const update = bytesOf(opened.update);
    Y.applyUpdate(this.#doc, update, this);
    const lacked = lackedByServer(this.#doc, update, bytesOf(opened.vector));
    link.waiting = lacked === null ? [] : [lacked];
    if (lacked === null) this.#stored = this.#made;
    else if (!this.isUnsaved) this.#made += 1; // it was typed before a reload
    this.#isReached = true;
    this.#set({ title: opened.title, role: opened.role, owner: opened.owner });
    this.dispatchEvent(new Event("opened"));
  }

  async #push(link) {
    const started = Date.now();
    const mark = this.#made;
    const update = link.waiting.length === 1 ? link.waiting[0] : Y.mergeUpdates(link.waiting);
    link.waiting = [];
    for (const piece of piecesOf(update, this.#options.pieceSize)) {
      await this.#pushPiece(link, piece);
      if (link.isOver) return;
    }
    this.#refusals = 0;
    this.#stored = mark;
    this.#tell();
    await link.sleep(started + this.#options.spacing - Date.now());
  }

  /** The same piece again for as long as the server turns it away unseen. */
  async #pushPiece(link, piece) {
    for (let failures = 0; !link.isOver; failures += 1) {
      try {
        return await this.#ask("push", { id: this.#id, ...piece });
      } catch (error) {
        if (!error.isUntouched) throw error;
        await link.sleep(this.#delay(error, failures));
      }
    }
  }

  /** What an error means, apart from trying again. */
  #judge(error) {
    if (!(error instanceof AskError)) {
      console.error("The document could not be brought up to date.", error);
    } else if (error.code === "no_such_document") {
      this.#leave(error);
    } else if (error.code === "read_only") {
      this.#set({ role: "reader" });
    } else if (!error.isPassing) {
      // it is final when the difference to the server's document, computed anew, is refused as well
      this.#refusals += 1;
      if (this.#refusals > 1) this.#set({ outcome: { code: error.code, message: error.message } });
    }
  }

  #delay(error, failures) {
    const { soon, late } = this.#options;
    const backoff = Math.min(soon * 2 ** Math.min(failures, 16), late) * (0.5 + Math.random() / 2);
    return Math.max(backoff, Math.min(error.retryAfter ?? 0, LONGEST_RETRY_AFTER));
  }

  #ask(event, payload) {
    return ask(this.#socket, event, payload, { timeout: this.#options.patience });
  }

  #openAgain() {
    if (!this.#link) return;
    this.#link.isDue = true;
    this.#link.nudge();
  }

  #endLink() {
    this.#link?.end();
    this.#link = null;
    clearTimeout(this.#gapTimer);
    this.#gapTimer = undefined;
  }

  // What it comes to

  #leave({ code, message }) {
    this.#isGone = true;
    this.#endLink();
    this.#set({ outcome: { code, message } });
  }

  #set(properties) {
    Object.assign(this, properties);
    this.#tell();
  }

  #tell() {
    this.status = this.#statusNow();
    const now = [this.status, this.isUnsaved, this.outcome, this.title, this.role, this.owner?.id, this.owner?.name];
    if (now.every((value, index) => value === this.#told[index])) return;
    this.#told = now;
    this.#settleFlushes();
    this.dispatchEvent(new Event("change"));
  }

  /** @returns {Status} */
  #statusNow() {
    if (this.outcome !== null) return this.#isGone ? "gone" : "refused";
    if (this.role === "reader") return "reading";
    if (!this.#isReached && this.#wasOffline) return "offline";
    if (this.isUnsaved) return "saving";
    return this.#isReached ? "saved" : "opening";
  }

  #settleFlushes() {
    const waiting = this.#flushes;
    this.#flushes = [];
    const error =
      this.outcome !== null ? new AskError(this.outcome)
      : this.#isDestroyed ? new AskError({ code: "destroyed", message: "The document was closed." })
      : null;
    for (const flush of waiting) {
      if (error !== null) flush.reject(error);
      else if (this.#stored >= flush.mark || this.role === "reader") flush.resolve();
      else this.#flushes.push(flush);
    }
  }

  #ofThisDocument(listeners) {
    return Object.fromEntries(
      Object.entries(listeners).map(([event, listener]) => [
        event,
        (payload, ...rest) => payload?.id === this.#id && listener(payload, ...rest),
      ]),
    );
  }
}
