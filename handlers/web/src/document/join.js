// Coming by a link: `#key=` in the address.

import { ask } from "../sync/ask.js";

/** The wait before it is tried again, in milliseconds. */
const AGAIN = 2_000;

const keyInAddress = () => new URLSearchParams(location.hash.slice(1)).get("key");

/** Whether the address is a link that gives access. */
export const hasKey = () => keyInAddress() !== null;

/**
 * Uses the key in the address, if there is one, and takes it out of the address, where others could read it. Without a
 * connection it waits for one.
 *
 * @param {import("socket.io-client").Socket} socket
 * @param {string} id the document's
 * @returns {Promise<string | null>} null where it is well, else the code of the server's refusal
 */
export async function joinByLink(socket, id) {
  const key = keyInAddress();
  if (key === null) return null;
  const refusal = await join(socket, { id, key });
  history.replaceState(history.state, "", location.pathname + location.search);
  return refusal;
}

async function join(socket, payload) {
  for (;;) {
    if (!socket.connected) await new Promise((resolve) => socket.once("connect", resolve));
    try {
      await ask(socket, "join", payload);
      return null;
    } catch (error) {
      if (!error.isPassing) return error.code;
      await new Promise((resolve) => setTimeout(resolve, Math.max(error.retryAfter ?? 0, AGAIN)));
    }
  }
}
