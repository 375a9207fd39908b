// What somebody may do, in words.

import { h } from "../../shared/dom.js";

const WORDS = { owner: "Owner", editor: "can edit", reader: "can read" };

export const roleWords = (role) => WORDS[role] ?? role;

/** The options of a select, before them one for nothing where there is one. */
export function roleOptions(nothing) {
  const options = ["editor", "reader"].map((role) => h("option", { value: role }, roleWords(role)));
  return nothing === undefined ? options : [h("option", { value: "" }, nothing), ...options.reverse()];
}
