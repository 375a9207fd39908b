// How pages for people who are logged in begin.

import { fillHeader } from "./header.js";
import { watchConnection } from "./connection.js";
import { lastMe, requireMe } from "./session.js";

/** Fills the header, at once for who was here last, and gives who is logged in. Without anybody it goes to the log-in. */
export async function enter() {
  const last = lastMe();
  if (last) fillHeader(last);
  const person = await requireMe();
  fillHeader(person, watchConnection);
  return person;
}
