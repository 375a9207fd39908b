// Where to go on after a log-in: `?next=/path` of the log-in's pages.

/**
 * The path to go on to: one of this origin, else `/`.
 *
 * The address is taken apart as the browser will take it apart, so that `//host`, `/\host` and `javascript:` lead nowhere.
 */
export function nextPath(search = location.search) {
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
  return isOurs && !isLogin ? url.pathname + url.search + url.hash : "/";
}

/** The address of a page of the log-in (`/login`, `/register`) that comes back to `next`. */
export function withNext(page, next, also = {}) {
  const params = new URLSearchParams({ ...also, ...(next === "/" ? {} : { next }) });
  return params.size ? `${page}?${params}` : page;
}

/** This page, as a `next`. */
export function here() {
  return location.pathname + location.search + location.hash;
}
