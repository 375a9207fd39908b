// The title: a field for those who may change it, a heading for the others. Both show all of it, on as many lines as it takes;
// the title itself is one line.

import { h, text } from "../shared/dom.js";
import { explain } from "../shared/explain.js";

/** How long after the last letter a title is sent, in milliseconds. */
const PAUSE = 700;
const LONGEST = 200;

export class Title {
  #heading;
  #problem;
  #rename;
  #input;
  /** The server's title. */
  #title = "";
  #timer;

  /**
   * @param {object} parts
   * @param {HTMLHeadingElement} parts.heading
   * @param {HTMLElement} parts.problem where it says what is wrong with a title
   * @param {(title: string) => Promise<any>} parts.rename
   * @param {() => void} parts.onEnter
   */
  constructor({ heading, problem, rename, onEnter }) {
    this.#heading = heading;
    this.#problem = problem;
    this.#rename = rename;
    this.#input = h("textarea", {
      class: "title-input",
      rows: 1,
      "aria-label": "Title",
      maxlength: LONGEST,
      autocomplete: "off",
      enterkeyhint: "done",
      on: {
        input: () => {
          this.#fill(this.#input.value.replace(/[\r\n]+/g, " "));
          this.#later();
        },
        blur: () => this.#left(),
        keydown: (event) => {
          if (event.isComposing) return;
          if (event.key === "Escape") this.#reset();
          if (event.key !== "Enter") return;
          event.preventDefault();
          onEnter();
        },
      },
    });
  }

  /** Shows the server's title. What the user is typing stays. */
  show(title, mayWrite) {
    const isTyping = this.#isTyping;
    this.#title = title;
    document.title = `${title} · Documents`;
    if (!mayWrite) {
      clearTimeout(this.#timer);
      this.#problem.textContent = "";
      text(this.#heading, title);
      return;
    }
    if (!isTyping) this.#fill(title);
    if (!this.#input.isConnected) this.#heading.replaceChildren(this.#input);
  }

  /** Sends what could not be sent before. */
  async send() {
    clearTimeout(this.#timer);
    const title = this.#input.value.trim();
    if (!this.#input.isConnected || title === "" || title === this.#title) return;
    const before = this.#title;
    this.#title = title;
    try {
      await this.#rename(title);
      this.#problem.textContent = "";
      document.title = `${title} · Documents`;
    } catch (error) {
      if (this.#title === title) this.#title = before;
      if (error.code === "disconnected") return; // it is sent when the document is open again
      this.#problem.textContent = explain(error);
      if (error.isPassing) this.#timer = setTimeout(() => this.send(), Math.max(error.retryAfter ?? 0, 5 * PAUSE));
    }
  }

  get #isTyping() {
    return this.#input.isConnected && this.#input.value.trim() !== this.#title;
  }

  #fill(title) {
    if (this.#input.value !== title) this.#input.value = title;
    this.#heading.dataset.title = title; // what the field is as large as
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.send(), PAUSE);
  }

  #left() {
    if (this.#input.value.trim() === "") this.#reset();
    this.send();
  }

  #reset() {
    clearTimeout(this.#timer);
    this.#fill(this.#title);
    this.#problem.textContent = "";
  }
}
