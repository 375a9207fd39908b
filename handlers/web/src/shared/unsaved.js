// What was typed in this browser and the server is not known to have, in this page or in one before it.

import { unsavedBy } from "../sync/local.js";
import { connect } from "./connection.js";
import { lastMe } from "./session.js";

/** The document that this page shows, if it shows one. */
let shown = null;

/**
 * Tells of the document that this page shows. Nobody else saves it then: pieces of two updates would mix on one connection.
 *
 * @param {{id: string, isUnsaved: () => boolean, settled: (signal: AbortSignal) => Promise<any>}} document
 */
export function shows(document) {
  shown = document;
}

/**
 * Has what is unsaved saved, as far as that is done within so many milliseconds.
 *
 * @returns {Promise<string[]>} the ids of the documents for which it is not
 */
export async function saveUnsaved(patience) {
  const ids = await unsaved();
  if (ids.length === 0) return ids;
  const signal = AbortSignal.timeout(patience);
  await Promise.all(ids.map((id) => save(id, signal).catch((error) => console.warn("A document was not saved.", error))));
  return unsaved();
}

async function unsaved() {
  const user = lastMe()?.id;
  // a browser that keeps nothing has nothing to lose but what this page shows
  const kept = user === undefined ? [] : await unsavedBy(user).catch(() => []);
  return shown?.isUnsaved() ? [...new Set([...kept, shown.id])] : kept;
}

/** Documents that are being saved, by id: one at a time each, for the same reason as the one that the page shows. */
const saving = new Map();

function save(id, signal) {
  if (id === shown?.id) return shown.settled(signal);
  if (!saving.has(id)) saving.set(id, begin(id, signal).finally(() => saving.delete(id)));
  const late = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  return Promise.race([saving.get(id), late]);
}

async function begin(id, signal) {
  const { saveRest } = await import("../sync/rest.js");
  return saveRest({ socket: connect(), user: lastMe()?.id, id, signal });
}
