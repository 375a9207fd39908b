// Short messages at the edge of the page, of things that are done or have happened elsewhere.

import { announce } from "./announce.js";
import { h } from "./dom.js";

/** How long a message stays, in milliseconds. */
const STAY = 6_000;
/** The most messages at a time; the oldest goes first. */
const MOST = 4;

let shelf;

/** Shows a sentence for some seconds, and reads it out. */
export function toast(sentence) {
  shelf ??= document.body.appendChild(h("div", { class: "toasts", "aria-hidden": "true" }));
  const message = h("p", { class: "toast" }, sentence);
  shelf.append(message);
  if (shelf.childElementCount > MOST) shelf.firstElementChild.remove();
  announce(sentence);
  setTimeout(() => message.remove(), STAY);
}
