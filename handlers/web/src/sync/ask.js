// Questions to the server, as answers or errors. No DOM: this also runs in Node.

/** How long `ask` waits for the answer, in milliseconds. */
const PATIENCE = 15_000;
/** Errors after which the same question may be answered later. */
const PASSING = ["timeout", "disconnected", "rate_limited", "overloaded", "unavailable", "shutting_down", "maintenance", "internal"];

/** The server refused what it was asked for, or did not answer. */
export class AskError extends Error {
  /**
   * @param {object} what
   * @param {string} what.code the server's, or `timeout`, `disconnected`
   * @param {string} what.message for people
   * @param {any} [what.details]
   * @param {number} [what.retryAfter] in how many milliseconds it may be tried again
   */
  constructor({ code, message, details, retryAfter }) {
    super(message);
    Object.assign(this, { name: "AskError", code, details, retryAfter });
  }

  /** Whether it may work when it is tried again later. */
  get isPassing() {
    return PASSING.includes(this.code);
  }

  /** Whether the server turned the question away before it looked at it: nothing was done. */
  get isUntouched() {
    return this.code === "rate_limited" || this.code === "overloaded";
  }
}

/**
 * Emits, and gives what the server acknowledges. Nothing waits for a connection: without one it throws at once.
 *
 * @throws {AskError} what the server refuses, `timeout` and `disconnected`; the last two leave open whether it was done
 */
export async function ask(socket, event, payload, { timeout = PATIENCE } = {}) {
  if (!socket.connected) throw disconnected();
  let answer;
  try {
    answer = await socket.timeout(timeout).emitWithAck(event, ...(payload === undefined ? [] : [payload]));
  } catch {
    if (!socket.connected) throw disconnected();
    throw new AskError({ code: "timeout", message: "The server did not answer in time." });
  }
  const error = answer?.error;
  if (error) throw new AskError({ ...error, retryAfter: error.retry_after_ms });
  return answer;
}

function disconnected() {
  return new AskError({ code: "disconnected", message: "There is no connection to the server." });
}
