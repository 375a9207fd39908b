// The page's one Socket.IO socket, to the namespace "/documents". It stays connected for as long as somebody is logged in.

import { io } from "socket.io-client";
import { HttpError, refresh } from "./http.js";
import { forget, toLogin } from "./session.js";

/** The first and the longest wait before another attempt to connect, in milliseconds. */
const SOON = 500;
const LATE = 5_000;
/** How long `ask` waits for the answer, in milliseconds. */
const PATIENCE = 15_000;
/** Endings of a session that the user, or who runs the server, wanted to be one for this browser as well. */
const FINAL = ["logged_out", "revoked", "account_disabled"];

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
    return ["timeout", "disconnected", "rate_limited", "overloaded", "unavailable", "shutting_down"].includes(this.code);
  }
}

let socket;

/** The socket. The first call opens it; it is connected later, and again whenever the connection was lost: listen to `connect`. */
export function connect() {
  socket ??= open();
  return socket;
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

/** Calls back with "connected" or "disconnected" now and whenever that changes. */
export function watchConnection(listener) {
  const { connected } = connect();
  let last;
  const tell = (state) => state !== last && listener((last = state));
  tell(connected ? "connected" : "disconnected");
  socket.on("connect", () => tell("connected"));
  socket.on("disconnect", () => tell("disconnected"));
}

function disconnected() {
  return new AskError({ code: "disconnected", message: "There is no connection to the server." });
}

function open() {
  const socket = io("/documents", {
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: SOON,
    reconnectionDelayMax: LATE,
  });
  const again = retry(socket);
  let hasRefreshed = false;

  socket.on("connect", () => {
    hasRefreshed = false;
    again.reset();
  });
  socket.on("connect_error", async (error) => {
    // the client tries again by itself where there is no connection, but not where the server refuses it
    if (socket.active) return;
    if (error.message !== "unauthenticated") return again.later();
    if (hasRefreshed) return toLogin("refused");
    if (await refreshed()) {
      hasRefreshed = true;
      socket.connect();
    } else again.later();
  });
  socket.on("disconnect", (reason) => {
    if (reason === "io server disconnect") again.later();
  });
  socket.on("auth:expiring", async () => {
    // where this fails the connection ends with the session, and the next one decides
    if (await refreshed()) await ask(socket, "auth:renew").catch(() => {});
  });
  socket.on("auth:ended", async ({ code }) => {
    if (FINAL.includes(code)) await forget();
    toLogin(code);
  });
  return socket;
}

/** Whether the session has new tokens now. Where it has ended, this goes to the log-in and never returns. */
async function refreshed() {
  try {
    await refresh();
    return true;
  } catch (error) {
    if (error instanceof HttpError && error.status === 401) return toLogin("expired");
    return false;
  }
}

/** Attempts to connect that the client does not make by itself, each later than the one before. */
function retry(socket) {
  let delay = SOON;
  let timer;
  const now = () => {
    clearTimeout(timer);
    if (socket.connected) return;
    // ends the client's own wait, if there is one
    socket.disconnect();
    socket.connect();
  };
  addEventListener("online", now);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());
  return {
    reset: () => {
      clearTimeout(timer);
      delay = SOON;
    },
    later: () => {
      clearTimeout(timer);
      timer = setTimeout(() => socket.connect(), delay * (0.5 + Math.random()));
      delay = Math.min(delay * 2, LATE);
    },
  };
}
