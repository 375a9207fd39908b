// The field that finds documents in a list that is too long to look through.

import { announce } from "../shared/announce.js";
import { byId } from "../shared/dom.js";

/** With fewer documents there is nothing to find. */
const MANY = 9;
/** How long somebody who types has to pause before the count is read out, in milliseconds. */
const PAUSE = 700;

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** The field: `shows(line)` says whether a document is looked for. Calls back when that changes. */
export class Find {
  #frame = byId("find");
  #input = byId("find-text");
  #timer;

  /** @param {() => number} changed shows what is found, and says how many these are */
  constructor(changed) {
    this.#input.addEventListener("input", () => {
      const count = changed();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => announce(count === 1 ? "1 document found." : `${count} documents found.`), PAUSE);
    });
  }

  /** Shows the field where there are many documents, and while something is looked for. */
  offer(count) {
    this.#frame.hidden = count < MANY && !this.#input.value;
  }

  /** Whether title and owner have all the words. */
  shows({ title, owner }) {
    const text = plain(`${title} ${owner.name}`);
    return plain(this.#input.value)
      .split(/\s+/)
      .every((word) => text.includes(word));
  }
}
