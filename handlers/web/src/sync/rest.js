// Saves what an earlier page has left unsaved on this device: what was typed without a connection, before the page was closed.

import * as Y from "yjs";
import { Keeper } from "./keeper.js";
import { Replica } from "./replica.js";

/**
 * Has the server store what this device keeps of a document that this page does not show. It resolves when that is done, or
 * when there is nothing that could be; also where the document is no more, and then this device keeps nothing of it either.
 *
 * @param {object} parts
 * @param {import("socket.io-client").Socket} parts.socket
 * @param {string} parts.user the id of who is logged in
 * @param {string} parts.id the document's
 * @param {AbortSignal} parts.signal gives it up
 */
export async function saveRest({ socket, user, id, signal }) {
  const doc = new Y.Doc();
  const keeper = await Keeper.open({ user, id, doc });
  const replica = new Replica({ doc, socket, id }); // whether it may write the server says: that may have changed
  try {
    await settled(replica, signal);
    if (replica.status === "saved") keeper.saved();
    if (replica.status === "gone") await keeper.forget();
    await keeper.written();
  } finally {
    replica.destroy();
    keeper.destroy();
    doc.destroy();
  }
}

/** Resolves when a replica has come as far as it will by itself, or when the signal says that it is late. */
export function settled(replica, signal) {
  return new Promise((resolve) => {
    const look = () => (signal.aborted || ["saved", "reading", "refused", "gone"].includes(replica.status)) && resolve();
    replica.addEventListener("change", look);
    signal.addEventListener("abort", look, { once: true });
    look();
  });
}
