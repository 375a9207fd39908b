// The page's one Socket.IO socket, to the namespace "/documents". It stays connected for as long as somebody is logged in.

import { io } from "socket.io-client";
import { HttpError, refresh } from "./http.js";
import { forgetOwner, toLogin } from "./session.js";
import { ask } from "../sync/ask.js";

export { AskError, ask } from "../sync/ask.js";

/** The first and the longest wait before another attempt to connect, in milliseconds. */
const SOON = 500;
const LATE = 5_000;
/** Endings of a session that the user, or who runs the server, wanted to be one for this browser as well. */
const FINAL = ["logged_out", "revoked", "account_disabled"];

let socket;

/** The socket. The first call opens it; it is connected later, and again whenever the connection was lost: listen to `connect`. */
export function connect() {
  socket ??= open();
  return socket;
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

/** How long `askSoon` waits for the connection, in milliseconds. */
const SHORT_LOSS = 4_000;

/** As `ask`, but waits a little for a connection that is lost, or not there yet. */
export async function askSoon(event, payload) {
  const socket = connect();
  if (!socket.connected) {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, SHORT_LOSS);
      socket.once("connect", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
  return ask(socket, event, payload);
}

function open() {
  const socket = io("/documents", {
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: SOON,
    reconnectionDelayMax: LATE,
  });
  let hasRefreshed = false;
  // the log-in has: the page goes where one logs in, for that reason and no later one
  let hasEnded = false;
  const again = retry(socket, () => !hasEnded);

  socket.on("connect", () => {
    hasRefreshed = false;
    again.reset();
  });
  socket.on("connect_error", async (error) => {
    // the client tries again by itself where there is no connection, but not where the server refuses it
    if (socket.active || hasEnded) return;
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
    hasEnded = true;
    if (FINAL.includes(code)) await forgetOwner();
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

/** Attempts to connect that the client does not make by itself, each later than the one before, for as long as `isWanted`. */
function retry(socket, isWanted) {
  let delay = SOON;
  let timer;
  const now = () => {
    clearTimeout(timer);
    if (socket.connected || !isWanted()) return;
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
      timer = setTimeout(() => isWanted() && socket.connect(), delay * (0.5 + Math.random()));
      delay = Math.min(delay * 2, LATE);
    },
  };
}
