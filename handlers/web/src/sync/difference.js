// What one side of a document has and the other lacks.

import * as Y from "yjs";

/**
 * What the server lacks of a document, or null where it has everything.
 *
 * State vectors tell which insertions somebody has, and nothing of deletions. An update, however small, always holds all
 * deletions its sender knows of. So the server's update, which is at hand after opening, tells what it knows to be
 * deleted, and the two together are exact.
 *
 * @param {Y.Doc} doc with the server's update applied
 * @param {Uint8Array} update what the server sent
 * @param {Uint8Array} vector the state vector of the server's document
 * @returns {Uint8Array | null} an update
 */
export function lackedByServer(doc, update, vector) {
  const hasAll = hasInsertions(doc, Y.decodeStateVector(vector)) && hasDeletions(doc, Y.decodeUpdate(update).ds);
  return hasAll ? null : Y.encodeStateAsUpdate(doc, vector);
}

function hasInsertions(doc, theirs) {
  const ours = Y.decodeStateVector(Y.encodeStateVector(doc));
  return [...ours].every(([client, clock]) => (theirs.get(client) ?? 0) >= clock);
}

function hasDeletions(doc, deletions) {
  const ours = Y.createDeleteSetFromStructStore(doc.store);
  const theirs = Y.mergeDeleteSets([deletions]); // sorted, without gaps that are none
  return [...ours.clients].every(([client, ranges]) => isCovered(ranges, theirs.clients.get(client) ?? []));
}

/** Whether each of `ranges` lies within one of `cover`; both are sorted, and ranges that touch are one. */
function isCovered(ranges, cover) {
  let at = 0;
  return ranges.every(({ clock, len }) => {
    while (at < cover.length && cover[at].clock + cover[at].len <= clock) at += 1;
    return at < cover.length && cover[at].clock <= clock && cover[at].clock + cover[at].len >= clock + len;
  });
}
