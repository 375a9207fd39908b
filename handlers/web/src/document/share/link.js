// The link that gives access to whoever has it.

import { announce } from "../../shared/announce.js";
import { h } from "../../shared/dom.js";
import { roleOptions } from "./roles.js";

/** How long the button says that it has copied, in milliseconds. */
const SAID = 2_000;

export class LinkPart {
  #id;
  #select = h("select", { class: "select", id: "share-link" }, ...roleOptions("off"));
  #address = h("input", { class: "input", type: "text", readonly: true, "aria-label": "Link" });
  #copyWord = h("span", {}, "Copy link");
  #copy = h("button", { class: "button", type: "button", on: { click: () => this.#copied() } }, this.#copyWord);
  #line = h("div", { class: "share-link-line", hidden: true }, this.#address, this.#copy);
  #timer;
  element = h(
    "div",
    { class: "share-link", hidden: true },
    h(
      "div",
      { class: "share-link-head" },
      h(
        "div",
        {},
        h("label", { class: "label", for: "share-link" }, "Link"),
        h("p", { class: "hint", id: "share-link-hint" }, "Whoever is logged in and has it can open the document. Turning it off removes who came by it."),
      ),
      this.#select,
    ),
    this.#line,
  );

  /**
   * @param {string} id the document's
   * @param {(event: string, payload: object) => Promise<any>} change
   */
  constructor(id, change) {
    this.#id = id;
    this.#select.setAttribute("aria-describedby", "share-link-hint");
    this.#select.addEventListener("change", () => change("link", { role: this.#select.value || null }).catch(() => {}));
    this.#address.addEventListener("focus", () => this.#address.select());
  }

  /** @param {{role: string, key: string} | null} link */
  show(link, isOwner) {
    this.element.hidden = !isOwner;
    this.#select.value = link?.role ?? "";
    this.#line.hidden = !link;
    const address = link ? new URL(`/document?id=${encodeURIComponent(this.#id)}#key=${encodeURIComponent(link.key)}`, location) : "";
    if (this.#address.value !== String(address)) this.#address.value = String(address);
  }

  async #copied() {
    try {
      await navigator.clipboard.writeText(this.#address.value);
    } catch {
      // pages over plain HTTP have no clipboard: the link is selected, and Ctrl+C does it
      this.#address.focus();
      this.#address.select();
      if (!document.execCommand("copy")) return;
    }
    announce("The link was copied.");
    this.#copyWord.textContent = "Copied";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#copyWord.textContent = "Copy link"), SAID);
  }
}
