// Who is logged in.

import { byId, h, text } from "./dom.js";
import { explain } from "./explain.js";
import { HttpError, get, post, refresh } from "./http.js";
import { here, nextPath, withNext } from "./next.js";

/** Who was logged in last: pages that work without the server begin with it. */
const LAST = "documents:me";

/** How long a page waits for the server before it begins with who was here last, in milliseconds. */
const SLOW = 3_000;

/** How long to wait before the server is asked again, in milliseconds. */
const AGAIN = 3_000;

/** A promise that never ends, for code behind a change of page. */
const never = new Promise(() => {});

/**
 * Who is logged in: `{id, name, roles}`, or `null`. Without an answer of the server: who was last, with `offline: true`.
 */
export async function me() {
  try {
    // where nobody was, cookies have hardly outlived what is kept beside them: one question finds out, not two
    if (!lastMe()) await refresh();
    const person = await get("/auth/me");
    // somebody else's page, such as the log-in of a network, is no answer
    if (!person?.id) throw new HttpError({ status: 0, code: "unreachable", message: "The server cannot be reached." });
    await remember(person);
    return person;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.status === 401) return null;
    const last = lastMe();
    if (last) return { ...last, offline: true };
    throw error;
  }
}

/**
 * As `me`, but goes to the log-in where nobody is, and then never returns. Waits for a server that is away, and on a network
 * that is slow begins with who was here last; the answer decides when it comes.
 */
export async function requireMe() {
  const asked = patiently(me);
  const last = lastMe();
  const person = await (last ? Promise.race([asked, later({ ...last, offline: true })]) : asked);
  if (!person) return toLogin(last && "expired");
  owner = person;
  watch(person);
  asked.then((now) => {
    if (!now) toLogin("expired");
    else if (now.id !== person.id) location.reload();
  });
  return person;
}

/**
 * Ends the session, or with `everywhere` all of the user's, clears what the browser keeps, and goes to the log-in. What is not
 * saved is lost: `leave` of leave.js asks before. Throws where the server does not answer: its cookies would stay.
 */
export async function logOut({ everywhere = false } = {}) {
  isLeaving = true;
  try {
    await post(everywhere ? "/auth/logout-everywhere" : "/auth/logout");
  } catch (error) {
    isLeaving = false;
    // with 401 the session has ended already
    if (error.status !== 401) throw error;
  }
  await forget();
  location.replace("/login");
  return never;
}

/** Whose page this is. */
let owner;

/** Whether this page logs out: what ends because of that needs no explanation. */
let isLeaving = false;

/** Whether this page logs out: it asks no more whether to leave it. */
export const isLoggingOut = () => isLeaving;

/** Goes to the log-in, and from there back to this page. `ended` says why, by the code of `auth:ended`. Never returns. */
export function toLogin(ended) {
  if (isLeaving) return never;
  location.replace(withNext("/login", here(), ended ? { ended } : {}));
  return never;
}

/** Goes on to `?next=`. Never returns. */
export function goOn() {
  location.replace(nextPath());
  return never;
}

/** Keeps who has logged in. What the browser keeps of another person is cleared before. */
export async function remember({ id, name, roles = [] }) {
  if (lastMe()?.id !== id) await forget();
  localStorage.setItem(LAST, JSON.stringify({ id, name, roles }));
}

/** Clears what the browser keeps of the user, the texts of documents among it. */
export async function forget() {
  for (const key of Object.keys(localStorage)) if (key.startsWith("documents:")) localStorage.removeItem(key);
  try {
    const { forgetAll } = await import("../sync/local.js");
    await forgetAll();
  } catch (error) {
    console.warn("local documents could not be cleared", error);
  }
}

/** Clears what the browser keeps of this page's owner, unless somebody else has logged in meanwhile, in another tab. */
export async function forgetOwner() {
  const last = lastMe();
  if (!last || last.id === owner?.id) await forget();
}

/** Calls back when somebody logs in, in another tab. */
export function onLogInElsewhere(listener) {
  addEventListener("storage", ({ key, newValue }) => key === LAST && newValue && listener());
}

/** Who was logged in last, as `{id, name, roles}`, or `null`. Nobody has asked whether the session goes on. */
export function lastMe() {
  try {
    return JSON.parse(localStorage.getItem(LAST));
  } catch {
    return null;
  }
}

/** Asks until there is an answer, and says so at the top of the page meanwhile. */
async function patiently(question) {
  let notice;
  for (;;) {
    try {
      const answer = await question();
      notice?.remove();
      return answer;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      notice ??= h("p", { class: "notice warn", role: "alert" });
      text(notice, `${explain(error)} This page goes on by itself.`);
      if (!notice.isConnected) byId("main").prepend(notice);
      await new Promise((resolve) => setTimeout(resolve, Math.max(AGAIN, error.retryAfter ?? 0)));
    }
  }
}

function later(value) {
  return new Promise((resolve) => setTimeout(() => resolve(value), SLOW));
}

/** A page that comes back from the back/forward cache may belong to somebody who has logged out since. */
function watch(person) {
  addEventListener("pageshow", async ({ persisted }) => {
    if (!persisted) return;
    const now = await me().catch(() => person);
    if (now?.id !== person.id) location.reload();
  });
}
