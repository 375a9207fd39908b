// How pages for people who are logged in begin.

import { fillHeader } from "./header.js";
import { watchConnection } from "./connection.js";
import { lastMe, requireMe } from "./session.js";

/**
 * Fills the header, at once for who was here last, and gives who is logged in. Without anybody it goes to the log-in. From then
 * on pages open without the server as well.
 */
export async function enter() {
  const last = lastMe();
  if (last) fillHeader(last);
  const person = await requireMe();
  fillHeader(person, watchConnection);
  if (document.readyState === "complete") keepPages();
  else addEventListener("load", keepPages);
  return person;
}

/** Without it, in a private window or over plain HTTP, pages only need the server. */
function keepPages() {
  navigator.serviceWorker?.register("/service-worker.js", { updateViaCache: "none" }).catch(() => {});
}
