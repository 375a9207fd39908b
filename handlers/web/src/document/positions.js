// Places in a text that stay right while the text changes: relative positions of Yjs, as JSON text.

import * as Y from "yjs";

/** The text of a place, in a form that others read. */
export function placeOf(text, index) {
  // it holds on to the character before it: what others insert behind a caret does not push it along
  return JSON.stringify(Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, index, -1)));
}

/** Reads a place that somebody has sent. Null where it is none of a text. */
export function readPlace(json) {
  try {
    const { item, assoc } = JSON.parse(json);
    const side = assoc < 0 ? -1 : 0;
    if (item === undefined || item === null) return { item: null, side };
    const isId = [item.client, item.clock].every((number) => Number.isSafeInteger(number) && number >= 0);
    return isId ? { item: Y.createID(item.client, item.clock), side } : null;
  } catch {
    return null;
  }
}

/** Where a place is now. Null where the text has nothing of it, or not yet. */
export function indexOf(text, { item, side }) {
  if (item === null) return side < 0 ? 0 : text.length;
  try {
    const position = new Y.RelativePosition(null, null, item, side);
    const found = Y.createAbsolutePositionFromRelativePosition(position, text.doc);
    return found?.type === text ? found.index : null;
  } catch {
    return null; // an item that is none of a text
  }
}
