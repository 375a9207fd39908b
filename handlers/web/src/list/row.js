// One document of the list.

import leave from "../icons/out.svg";
import page from "../icons/page.svg";
import trash from "../icons/trash.svg";
import { avatar } from "../shared/avatar.js";
import { confirm } from "../shared/dialog.js";
import { h, set, text } from "../shared/dom.js";
import { icon } from "../shared/icon.js";
import { ago, setAgo } from "../shared/time.js";

/** What somebody may do, in words. */
const ROLES = { owner: "Owner", editor: "Can edit", reader: "Can read" };

export class Row {
  #context;
  #line;
  #link = h("a", { class: "row-title", dir: "auto" });
  #role = h("span", { class: "role" });
  #time;
  #here = h("span", { class: "here chip accent", hidden: true });
  #end;

  constructor(line, context) {
    this.#context = context;
    this.#time = ago(line.updated_at);
    this.#end = h("button", { class: "button quiet icon row-end", type: "button", on: { click: () => this.#askToEnd() } });
    this.#link.href = `/document?id=${encodeURIComponent(line.id)}`;
    this.element = h(
      "li",
      { class: "row" },
      h("span", { class: "row-icon", "aria-hidden": "true" }, icon(page)),
      h(
        "div",
        { class: "row-text" },
        this.#link,
        h("p", { class: "row-about" }, this.#owner(line.owner), this.#role, this.#time),
      ),
      this.#here,
      this.#end,
    );
    this.update(line);
  }

  /** Shows what is known of the document now. */
  update(line) {
    this.#line = line;
    const isOwner = line.role === "owner";
    text(this.#link, line.title);
    text(this.#role, ROLES[line.role] ?? line.role);
    if (this.#time.dateTime !== line.updated_at) setAgo(this.#time, line.updated_at);
    text(this.#here, line.here === 1 ? "1 person here" : `${line.here} people here`);
    this.#here.hidden = !line.here;
    const name = `${isOwner ? "Delete" : "Leave"} ${line.title}`;
    if (this.#end.title !== name) {
      this.#end.title = name;
      set(this.#end, "aria-label", name);
      this.#end.replaceChildren(icon(isOwner ? trash : leave));
    }
  }

  focus() {
    this.#link.focus();
  }

  #owner(owner) {
    const isMe = owner.id === this.#context.me.id;
    return h("span", { class: "owner" }, avatar(owner, "tiny"), h("span", { class: "name" }, isMe ? "You" : owner.name));
  }

  async #askToEnd() {
    const { id, title, role, owner } = this.#line;
    const { ask, documents, keepFocus } = this.#context;
    const end = (event) => async () => {
      documents.expectEnd(id, true);
      try {
        await ask(event, { id });
      } catch (error) {
        // gone already: that is what was wanted
        if (error.code === "no_such_document") return;
        documents.expectEnd(id, false);
        throw error;
      }
    };
    const isDone = await confirm(
      role === "owner"
        ? {
            title: `Delete “${title}”?`,
            text: "It is deleted for everybody who has access to it. This cannot be undone.",
            action: "Delete",
            run: end("delete"),
          }
        : {
            title: `Leave “${title}”?`,
            text: `You give up your access. Only ${owner.name}, or somebody who has its link, can let you in again.`,
            action: "Leave",
            run: end("leave"),
          },
    );
    if (!isDone) return;
    documents.remove(id);
    documents.expectEnd(id, false);
    keepFocus();
  }
}
