// The header of every page for people who are logged in: the way to the account and out, and the state of the connection.

import { announce } from "./announce.js";
import { byId, h } from "./dom.js";
import { logOut } from "./session.js";

/**
 * Fills the header for this person. The connection's state shows as soon as `watchConnection` is given one to watch.
 *
 * @param {{name: string}} person
 * @param {(listener: (state: "connected" | "disconnected") => void) => void} [watchConnection] that of connection.js
 */
export function fillHeader(person, watchConnection) {
  const out = h("button", { class: "button quiet", type: "button", on: { click: leave } }, h("span", {}, "Log out"));
  const state = h("p", { class: "connection" });
  byId("header").append(state, h("a", { class: "who", href: "/account" }, person.name), out);
  watchConnection?.((now) => (state.textContent = now === "connected" ? "Connected" : "Connecting…"));
  async function leave() {
    try {
      await logOut();
    } catch (error) {
      announce(error.message);
    }
  }
}
