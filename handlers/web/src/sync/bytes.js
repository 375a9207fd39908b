// Binary parts of events. Browsers get ArrayBuffers, Node gets Buffers.

/** The same bytes as a Uint8Array; nothing is copied. Throws a TypeError where they are not bytes. */
export function bytesOf(binary) {
  if (binary instanceof ArrayBuffer) return new Uint8Array(binary);
  if (ArrayBuffer.isView(binary)) return new Uint8Array(binary.buffer, binary.byteOffset, binary.byteLength);
  throw new TypeError("The server sent something else where bytes belong.");
}

/**
 * An update in the pieces in which it is pushed.
 *
 * @param {Uint8Array} update
 * @param {number} size the most bytes of a piece
 * @returns {{bytes: Uint8Array, more: boolean}[]} at least one; all but the last with `more`
 */
export function piecesOf(update, size) {
  const pieces = [];
  for (let start = 0; start === 0 || start < update.length; start += size) {
    pieces.push({ bytes: update.slice(start, start + size), more: start + size < update.length });
  }
  return pieces;
}
