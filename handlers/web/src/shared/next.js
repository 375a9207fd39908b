// Where to go on after a log-in: `?next=/path` of the log-in's pages. What follows a "#" there is what follows it here: the key
// of a link to a document is for the page alone, and no server, nor its log, gets to see it.

/** What followed the "#" when this page was opened: the skip link puts itself there. */
const arrived = location.hash;

/**
 * The path to go on to: one of this origin, else `/`.
 *
 * The address is taken apart as the browser will take it apart, so that `//host`, `/\host` and `javascript:` lead nowhere.
 */
export function nextPath(search = location.search, hash = arrived) {
  const next = new URLSearchParams(search).get("next");
  if (!next?.startsWith("/")) return "/";
  let url;
  try {
    url = new URL(next, location.origin);
  } catch {
    return "/";
  }
  const isOurs = url.origin === location.origin && !/^\/[/\\]/.test(next) && !url.pathname.startsWith("//");
  const isLogin = ["/login", "/register"].includes(url.pathname.replace(/\.html$/, ""));
  return isOurs && !isLogin ? url.pathname + url.search + (url.hash || hash) : "/";
}

/** The address of a page of the log-in (`/login`, `/register`) that comes back to `next`. */
export function withNext(page, next, also = {}) {
  const { pathname, search, hash } = new URL(next, location.origin);
  const path = pathname + search;
  const params = new URLSearchParams({ ...also, ...(path === "/" ? {} : { next: path }) });
  return page + (params.size ? `?${params}` : "") + hash;
}

/** This page, as a `next`. */
export function here() {
  return location.pathname + location.search + location.hash;
}
