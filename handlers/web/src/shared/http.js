// Requests to the server. Bodies are JSON both ways; the cookies that say who asks are out of reach of scripts.

/** How long a request may take, in milliseconds. */
const PATIENCE = 15_000;

/** The server did not do what it was asked for, or was not reached. */
export class HttpError extends Error {
  /**
   * @param {object} what
   * @param {number} what.status of HTTP; 0 where there was no answer
   * @param {string} what.code the server's, or `unreachable`
   * @param {string} what.message for people
   * @param {number} [what.retryAfter] in how many milliseconds it may be tried again
   */
  constructor({ status, code, message, retryAfter }) {
    super(message);
    Object.assign(this, { name: "HttpError", status, code, retryAfter });
  }

  /** Whether nobody knows what the server would have said: it is away, or about to be. */
  get isAway() {
    return this.status === 0 || this.status >= 500;
  }
}

export const get = (path) => request("GET", path);
export const post = (path, body = {}) => request("POST", path, body);
export const remove = (path) => request("DELETE", path, {});

/** Asks, and once more after a refresh where the access token had expired. */
async function request(method, path, body) {
  try {
    return await once(method, path, body);
  } catch (error) {
    // `invalid_credentials` has the same status, and no refresh helps against a wrong password
    if (error.status !== 401 || error.code !== "unauthenticated" || path === "/auth/refresh") throw error;
    await refresh();
    return once(method, path, body);
  }
}

async function once(method, path, body) {
  const response = await answer(method, path, body);
  const content = await read(response);
  if (response.ok) return content;
  // what has no code comes from a proxy before the server
  const isBetween = [502, 503, 504].includes(response.status);
  const { code = isBetween ? "unavailable" : "internal", message = `The server answered ${response.status}.`, retry_after_ms: retryAfter } =
    content?.error ?? {};
  throw new HttpError({ status: response.status, code, message, retryAfter });
}

async function answer(method, path, body) {
  const options = { method, signal: AbortSignal.timeout(PATIENCE) };
  // what changes something says that it is JSON: forms of other sites cannot
  if (method !== "GET") Object.assign(options, { headers: { "content-type": "application/json" } });
  if (body !== undefined) options.body = JSON.stringify(body);
  try {
    return await fetch(path, options);
  } catch {
    throw new HttpError({ status: 0, code: "unreachable", message: "The server cannot be reached." });
  }
}

async function read(response) {
  if (!(response.headers.get("content-type") ?? "").startsWith("application/json")) return null;
  try {
    return await response.json();
  } catch {
    throw new HttpError({ status: 0, code: "unreachable", message: "The server's answer was cut off." });
  }
}

/** When any tab of this browser has refreshed last. */
const REFRESHED = "documents:refreshed";
/** A refresh of another tab that is so many milliseconds old counts for this one, too. */
const FRESH = 5_000;
let refreshing;

/**
 * Gets new tokens. One at a time, whatever asks for it, in whichever tab: a refresh token is used once.
 * Throws the `HttpError` with status 401 where the session has ended.
 */
export function refresh() {
  refreshing ??= alone(async () => {
    const age = Date.now() - Number(localStorage.getItem(REFRESHED) ?? 0);
    if (age >= 0 && age < FRESH) return;
    await once("POST", "/auth/refresh", {});
    localStorage.setItem(REFRESHED, String(Date.now()));
  }).finally(() => (refreshing = undefined));
  return refreshing;
}

/** Runs while no other tab does. Pages over plain HTTP have no locks; there the server's grace for a second tab has to do. */
async function alone(work) {
  return navigator.locks ? navigator.locks.request(REFRESHED, work) : work();
}
