// Keeps the documents of the list as the server has them: asks after every connect, and follows the events from then on.

import { ask } from "../shared/connection.js";
import { announce } from "../shared/announce.js";
import { toast } from "../shared/toast.js";
import { tidyOne, tidying } from "./tidy.js";

/** The first and the longest wait before the list is asked for again, in milliseconds. */
const SOON = 1_000;
const LATE = 15_000;

/** What is said of a document that is gone. */
const GONE = {
  deleted: (title) => `“${title}” was deleted.`,
  access_removed: (title) => `You no longer have access to “${title}”.`,
};

/**
 * @param {import("socket.io-client").Socket} socket
 * @param {{id: string}} me
 * @param {import("./documents.js").Documents} documents
 * @param {{ready: () => void, failed: (error: any, again: () => void) => void}} view
 */
export function follow(socket, me, documents, view) {
  const events = {
    document_added: ({ document }) => {
      const isNew = !documents.get(document.id);
      documents.put(document);
      if (isNew && document.role !== "owner") announce(`“${document.title}” was added to your list.`);
    },
    document_changed: ({ id, title, updated_at }) => documents.change(id, { title, updated_at }),
    document_removed: ({ id, reason }) => {
      const line = documents.remove(id);
      tidyOne(me.id, id);
      if (line && GONE[reason] && !documents.isEnding(id)) toast(GONE[reason](line.title));
    },
    here_changed: ({ id, here }) => documents.change(id, { here }),
    role_changed: ({ id, role }) => documents.change(id, { role }),
  };
  // events that overtake the list are newer than it
  let early = null;
  for (const [name, apply] of Object.entries(events)) {
    socket.on(name, (payload) => (early ? early.push(() => apply(payload)) : apply(payload)));
  }

  let delay = SOON;
  let timer;
  async function load() {
    clearTimeout(timer);
    early = [];
    const tidy = tidying(me.id, documents);
    try {
      documents.replace(await ask(socket, "list"));
      delay = SOON;
      view.ready();
      tidy();
    } catch (error) {
      // the next connect asks again by itself
      if (error.code !== "disconnected") {
        view.failed(error, load);
        if (error.isPassing) timer = setTimeout(load, Math.max(error.retryAfter ?? 0, delay));
        delay = Math.min(2 * delay, LATE);
      }
    } finally {
      const waiting = early ?? [];
      early = null;
      for (const apply of waiting) apply();
    }
  }
  socket.on("connect", load);
  if (socket.connected) load();
}
