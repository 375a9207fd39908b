// Where the user is logged in.

import laptop from "../icons/laptop.svg";
import phone from "../icons/phone.svg";
import { announce } from "../shared/announce.js";
import { busy } from "../shared/busy.js";
import { watchConnection } from "../shared/connection.js";
import { h } from "../shared/dom.js";
import { explain } from "../shared/explain.js";
import { get, remove } from "../shared/http.js";
import { icon } from "../shared/icon.js";
import { ago } from "../shared/time.js";
import { device } from "./device.js";

/**
 * Shows the sessions, this one first, and again whenever somebody comes back to the page or the connection does. The answer
 * shows them again.
 *
 * @param {HTMLUListElement} list
 * @param {HTMLElement} problem where to say what went wrong, with role alert
 */
export function showSessions(list, problem) {
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
  watchConnection((state) => state === "connected" && refresh());
  let shown;
  refresh();
  return refresh;

  async function refresh() {
    try {
      const sessions = await get("/auth/sessions");
      sessions.sort((a, b) => b.current - a.current || Date.parse(b.refreshed_at) - Date.parse(a.refreshed_at));
      // a button that somebody is about to press stays
      const now = JSON.stringify(sessions);
      if (now !== shown) list.replaceChildren(...sessions.map((session) => line(session, end)));
      shown = now;
      problem.textContent = "";
    } catch (error) {
      problem.textContent = explain(error);
    }
    list.removeAttribute("aria-busy");
  }

  async function end(session, button) {
    problem.textContent = "";
    try {
      await busy(button, () => remove(`/auth/sessions/${encodeURIComponent(session.id)}`));
    } catch (error) {
      // it has ended already
      if (error.code !== "not_found") {
        problem.textContent = explain(error);
        return;
      }
    }
    announce("The session was ended.");
    await refresh();
    (list.querySelector("button") ?? list.parentElement.parentElement).focus();
  }
}

function line(session, end) {
  const { name, isPhone } = device(session.user_agent);
  const since = ago(session.created_at);
  return h(
    "li",
    { class: "session" },
    h("span", { class: "row-icon", "aria-hidden": "true" }, icon(isPhone ? phone : laptop)),
    h(
      "div",
      { class: "session-text" },
      h("p", { class: "session-name" }, name, session.current && h("span", { class: "chip accent" }, "this session")),
      h(
        "p",
        { class: "row-about" },
        session.address && h("span", {}, session.address),
        h("span", {}, "since ", since),
        h("span", {}, "last used ", ago(session.refreshed_at)),
      ),
    ),
    !session.current &&
      h(
        "button",
        {
          class: "button small",
          type: "button",
          "aria-label": `End session ${name}, since ${since.textContent}`,
          on: { click: ({ currentTarget }) => end(session, currentTarget) },
        },
        h("span", {}, "End session"),
      ),
  );
}
