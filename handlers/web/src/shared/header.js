// The header of every page for people who are logged in: the way to the account and out, and the state of the connection.

import out from "../icons/out.svg";
import { announce } from "./announce.js";
import { avatar } from "./avatar.js";
import { busy } from "./busy.js";
import { byId, h } from "./dom.js";
import { explain } from "./explain.js";
import { icon } from "./icon.js";
import { leave } from "./leave.js";
import { toast } from "./toast.js";

/** A connection that is away for less than this, in milliseconds, is not worth a word. */
const PATIENCE = 1_500;

/** Whose name is there, and where the state of the connection shows. */
let filled = null;
let state;

/**
 * Fills the header for this person; also in place of another one. Where it is filled for them already it stays, the focus in it
 * included. The state of the connection shows as soon as there is something to watch.
 *
 * @param {{id: string, name: string}} person
 * @param {(listener: (state: "connected" | "disconnected") => void) => void} [watchConnection] that of connection.js
 */
export function fillHeader(person, watchConnection) {
  if (filled?.id !== person.id || filled.name !== person.name) {
    filled = person;
    state = h("p", { class: "connection" });
    byId("header-person").replaceChildren(state, account(person), logOutButton());
  }
  watchConnection?.(shown(state));
}

function account(person) {
  const isHere = location.pathname.replace(/\.html$/, "") === "/account";
  return h(
    "a",
    { class: "who", href: "/account", "aria-current": isHere && "page" },
    avatar(person),
    h("span", { class: "who-name" }, person.name),
  );
}

function logOutButton() {
  const button = h(
    "button",
    { class: "button quiet log-out", type: "button" },
    icon(out),
    h("span", { class: "log-out-text" }, "Log out"),
  );
  button.addEventListener("click", () => busy(button, leave).catch((error) => toast(explain(error))));
  return button;
}

/** Shows the connection: at once when it is there, and with a word to screen readers when it has come back. */
function shown(element) {
  let timer;
  let wasLost = false;
  const say = (state, words) => {
    element.dataset.state = state;
    element.replaceChildren(h("span", { class: "dot", "aria-hidden": "true" }), h("span", { class: "words" }, words));
  };
  const lost = () => {
    wasLost = true;
    say("disconnected", "Reconnecting…");
    announce("The connection to the server is lost. Trying again.");
  };
  return (state) => {
    clearTimeout(timer);
    if (state === "disconnected") {
      timer = setTimeout(lost, PATIENCE);
      return;
    }
    say("connected", "Connected");
    if (wasLost) announce("Connected again.");
    wasLost = false;
  };
}
