// The list on the page: one row a document, the newest change first.

import empty from "../icons/empty.svg";
import { byId, h } from "../shared/dom.js";
import { explain } from "../shared/explain.js";
import { icon } from "../shared/icon.js";
import { Find } from "./find.js";
import { ordered } from "./order.js";
import { Row } from "./row.js";

export class ListView {
  #frame;
  #context;
  #documents;
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #list = h("ul", { class: "rows card", role: "list", "aria-label": "Documents" });
  #noneFound = h("p", { class: "none-found", hidden: true }, "No document has these words.");
  #find = new Find(() => this.#filter());
  #isReady = false;
  #waits = false;

  /**
   * @param {HTMLElement} frame with what shows until the documents are known
   * @param {{me: {id: string}, documents: import("./documents.js").Documents, ask: Function}} context
   */
  constructor(frame, context) {
    this.#frame = frame;
    this.#context = { ...context, keepFocus: () => this.#focusAgain() };
    this.#documents = context.documents;
    this.#documents.listen(() => this.#show());
    // rows stay where they are while somebody points at one of them
    for (const event of ["pointerleave", "focusout"]) {
      this.#list.addEventListener(event, () => this.#waits && setTimeout(() => this.#show()));
    }
    if (this.#documents.sorted().length) this.#show();
  }

  /** The documents are known. */
  ready() {
    this.#isReady = true;
    this.#frame.removeAttribute("aria-busy");
    this.#show();
  }

  /** The documents could not be asked for. */
  failed(error, again) {
    if (this.#rows.size) return;
    this.#frame.removeAttribute("aria-busy");
    this.#frame.replaceChildren(
      h(
        "div",
        { class: "nothing card", role: "alert" },
        h("h2", {}, "The list could not be loaded"),
        h("p", {}, explain(error)),
        h("button", { class: "button", type: "button", on: { click: again } }, h("span", {}, "Try again")),
      ),
    );
  }

  /** Gives the focus to a document's link. */
  focus(id) {
    this.#rows.get(id)?.focus();
  }

  #show() {
    const lines = this.#documents.sorted();
    if (!lines.length && !this.#isReady) return;
    const leaving = [...this.#rows.keys()].filter((id) => !this.#documents.get(id));
    this.#keepFocus(leaving);
    for (const id of leaving) {
      this.#rows.get(id).element.remove();
      this.#rows.delete(id);
    }
    for (const line of lines) {
      const row = this.#rows.get(line.id);
      if (row) row.update(line);
      else this.#rows.set(line.id, new Row(line, this.#context));
    }
    this.#find.offer(lines.length);
    if (!lines.length) return this.#frame.replaceChildren(nothing());
    if (!this.#list.isConnected) this.#frame.replaceChildren(this.#list, this.#noneFound);
    this.#filter();
    this.#waits = ordered(this.#list, lines.map(({ id }) => this.#rows.get(id).element));
  }

  /** Shows the rows that are looked for, and gives their number. */
  #filter() {
    let count = 0;
    for (const [id, { element }] of this.#rows) {
      element.hidden = !this.#find.shows(this.#documents.get(id));
      if (!element.hidden) count += 1;
    }
    this.#noneFound.hidden = count > 0;
    return count;
  }

  /** A row that goes takes no focus along: the next one has it then, or the field for a new title. */
  #keepFocus(leaving) {
    const row = document.activeElement?.closest(".row");
    const id = [...this.#rows].find(([, { element }]) => element === row)?.[0];
    if (!row || !leaving.includes(id)) return;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    (next?.querySelector("a") ?? byId("title")).focus();
  }

  /** Where the focus is lost, because what had it is gone, it goes to the first document, or to the field for a new title. */
  #focusAgain() {
    if (document.activeElement !== document.body) return;
    (this.#list.isConnected ? this.#list.querySelector("a") : byId("title")).focus();
  }
}

function nothing() {
  return h(
    "div",
    { class: "nothing" },
    icon(empty),
    h("h2", {}, "No documents yet"),
    h("p", {}, "Give your first one a title above. What others share with you shows up here, too."),
  );
}
