// The people who have access.

import trash from "../../icons/trash.svg";
import { announce } from "../../shared/announce.js";
import { avatar } from "../../shared/avatar.js";
import { busy } from "../../shared/busy.js";
import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icon.js";
import { roleOptions, roleWords } from "./roles.js";

export class People {
  element = h("ul", { class: "share-people", role: "list", "aria-label": "People with access" });
  #me;
  #change;
  /** By person: what a line was made of, and the line. */
  #lines = new Map();

  constructor(me, change) {
    this.#me = me;
    this.#change = change;
  }

  /** Lines of people about whom nothing has changed stay as they are, the focus in them included. */
  show({ owner, people }, isOwner) {
    const all = [{ ...owner, role: "owner" }, ...people];
    const lines = new Map();
    for (const person of all) {
      const made = JSON.stringify([person.name, person.role === "owner", person.by_link, isOwner]);
      const old = this.#lines.get(person.id);
      const line = old?.made === made ? old : { made, ...this.#line(person, isOwner) };
      if (line.select && line.select.value !== person.role) line.select.value = person.role;
      if (line.words) line.words.textContent = roleWords(person.role);
      lines.set(person.id, line);
    }
    this.#keepFocus(lines);
    this.#lines = lines;
    const elements = [...lines.values()].map(({ element }) => element);
    for (const child of [...this.element.children]) if (!elements.includes(child)) child.remove();
    elements.forEach((element, place) => {
      if (this.element.children[place] !== element) this.element.insertBefore(element, this.element.children[place] ?? null);
    });
  }

  /** A line that goes with the focus in it leaves it to the next one, or to the one before. */
  #keepFocus(lines) {
    const focused = [...this.#lines].find(([, { element }]) => element.contains(document.activeElement));
    if (!focused || lines.has(focused[0])) return;
    const { element } = focused[1];
    const next = [element.nextElementSibling, element.previousElementSibling].find((line) => line?.querySelector("button"));
    (next?.querySelector("button") ?? element.closest("dialog").querySelector("input")).focus();
  }

  #line(person, isOwner) {
    const isFixed = person.role === "owner" || !isOwner;
    const words = isFixed ? h("span", { class: "muted share-role" }, roleWords(person.role)) : null;
    const select = isFixed ? null : this.#select(person);
    const element = h(
      "li",
      { class: "person-line" },
      avatar(person),
      h(
        "span",
        { class: "share-name" },
        h("span", { class: "name" }, person.name),
        person.id === this.#me.id && h("span", { class: "chip" }, "you"),
        person.by_link && h("span", { class: "chip" }, "by link"),
      ),
      words,
      select,
      isFixed ? null : this.#remove(person),
    );
    return { element, words, select };
  }

  #select({ name }) {
    const select = h("select", { class: "select", "aria-label": `Role of ${name}` }, ...roleOptions());
    select.addEventListener("change", () => {
      this.#change("share", { name, role: select.value }).then(
        () => announce(`${name} ${select.value === "editor" ? "can edit" : "can read"} now.`),
        () => {},
      );
    });
    return select;
  }

  #remove({ id, name }) {
    const label = `Remove ${name}`;
    const button = h(
      "button",
      { class: "button quiet icon", type: "button", "aria-label": label, title: label },
      icon(trash),
    );
    button.addEventListener("click", () =>
      busy(button, () => this.#change("unshare", { user: id })).then(
        () => announce(`${name} was removed.`),
        () => {},
      ),
    );
    return button;
  }
}
