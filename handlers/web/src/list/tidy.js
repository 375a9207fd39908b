// What this device keeps of documents goes when they are gone.

import { forget, keptBy } from "../sync/local.js";

/** A list of so many lines may lack some: it is the longest that the server gives. */
const LONGEST = 500;

/** Forgets what is kept of a document that is gone. */
export async function tidyOne(user, id) {
  await forget(user, id).catch(warn);
}

/**
 * Begins before the list is asked for, and gives what is to be called when `documents` has it: that forgets what is kept of
 * documents that are not in it, those that were deleted, or taken away, while no page was open.
 *
 * @param {string} user
 * @param {import("./documents.js").Documents} documents
 */
export function tidying(user, documents) {
  const kept = keptBy(user).catch(() => []);
  return async () => {
    for (const id of await kept) {
      if (documents.sorted().length < LONGEST && !documents.get(id)) await tidyOne(user, id);
    }
  };
}

function warn(error) {
  console.warn("What this device keeps of a document could not be removed.", error);
}
