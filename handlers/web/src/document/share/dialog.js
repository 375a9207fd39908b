// The dialog "Share": who has access, by name and by the link. Its owner changes that; the others see it.

import { h } from "../../shared/dom.js";
import { show } from "../../shared/dialog.js";
import { explain } from "../../shared/explain.js";
import { ask } from "../../sync/ask.js";
import { addForm } from "./add.js";
import { LinkPart } from "./link.js";
import { People } from "./people.js";

/** @typedef {{owner: {id: string, name: string}, people: {id: string, name: string, role: string, by_link: boolean}[], link: {role: string, key: string} | null}} Sharing */

export class ShareDialog {
  #socket;
  #id;
  #me;
  #dialog;
  #problem = h("p", { class: "problem", role: "alert" });
  #intro = h("p", { class: "muted" });
  #add;
  #people;
  #link;
  /** Counts what was asked, so that an answer that was overtaken is not shown. */
  #asked = 0;

  /**
   * @param {object} parts
   * @param {import("socket.io-client").Socket} parts.socket
   * @param {string} parts.id the document's
   * @param {{id: string}} parts.me
   */
  constructor({ socket, id, me }) {
    this.#socket = socket;
    this.#id = id;
    this.#me = me;
    const change = (event, payload) => this.#change(event, payload);
    this.#add = addForm((wanted) => this.#ask("share", wanted)); // the form tells itself what is wrong
    this.#people = new People(me, change);
    this.#link = new LinkPart(id, change);
    this.#dialog = h(
      "dialog",
      { class: "dialog share", "aria-labelledby": "share-title" },
      h("h2", { id: "share-title" }, "Share"),
      this.#intro,
      this.#add,
      this.#people.element,
      this.#link.element,
      this.#problem,
      h(
        "div",
        { class: "actions" },
        h("button", { class: "button", type: "button", on: { click: () => this.#dialog.close() } }, h("span", {}, "Done")),
      ),
    );
    socket.on("sharing_changed", (event) => event.id === id && this.refresh());
  }

  /** Opens it. */
  open() {
    this.#problem.textContent = "";
    show(this.#dialog);
    this.refresh();
  }

  /** Asks anew, where it is open. */
  async refresh() {
    if (!this.#dialog.open) return;
    try {
      await this.#ask("sharing");
    } catch (error) {
      this.#problem.textContent = explain(error);
    }
  }

  /** Lets the server change something, and shows what it has come to, or what is wrong. Throws what is wrong, too. */
  async #change(event, payload) {
    this.#problem.textContent = "";
    try {
      await this.#ask(event, payload);
    } catch (error) {
      this.#problem.textContent = explain(error);
      this.refresh(); // what was chosen did not come to be
      throw error;
    }
  }

  async #ask(event, payload) {
    const number = ++this.#asked;
    const sharing = await ask(this.#socket, event, { id: this.#id, ...payload });
    if (number === this.#asked) this.#show(sharing);
  }

  /** @param {Sharing} sharing */
  #show(sharing) {
    const isOwner = sharing.owner.id === this.#me.id;
    this.#intro.textContent = isOwner
      ? "People you add find the document in their list."
      : `Only ${sharing.owner.name}, who owns this document, can change who has access.`;
    this.#add.hidden = !isOwner;
    this.#people.show(sharing, isOwner);
    this.#link.show(sharing.link, isOwner);
  }
}
