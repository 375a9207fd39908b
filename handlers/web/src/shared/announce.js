// What screen readers are told of things that change on their own.

import { h } from "./dom.js";

let region;

/** Reads a sentence out, politely: after what is being read. The same sentence twice is read twice. */
export function announce(sentence) {
  if (!region) {
    region = h("div", { class: "visually-hidden", "aria-live": "polite", "aria-atomic": "true" });
    document.body.append(region);
  }
  // a region is read when it changes, and only if it was there before
  region.textContent = "";
  setTimeout(() => (region.textContent = sentence), 100);
}
