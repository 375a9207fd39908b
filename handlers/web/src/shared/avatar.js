// A person's circle: initials on a colour that stays the same wherever the person shows.

import { h } from "./dom.js";

/** How many colours there are: `--person-0` to `--person-9` and `--person-soft-…` in tokens.css. */
export const COLOURS = 10;

/** The number of a person's colour, by the person's id. */
export function colourOf(id) {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return sum % COLOURS;
}

/** The circle. The name stands beside it in text, so screen readers pass it over. */
export function avatar({ id, name }, size = "") {
  return h("span", { class: `avatar person-${colourOf(id)} ${size}`.trim(), "aria-hidden": "true" }, initials(name));
}

/** One letter or two, of the first and the last word. */
export function initials(name) {
  const words = name.split(/[\s._'-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("");
}
