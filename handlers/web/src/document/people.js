// Who has the document open.

import { avatar } from "../shared/avatar.js";
import { h } from "../shared/dom.js";

/** How many people are shown one by one. */
const MOST = 3;

const byName = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/**
 * Shows who is here, oneself first; without a connection oneself alone.
 *
 * @param {import("socket.io-client").Socket} socket
 * @param {HTMLUListElement} list
 * @param {{id: string, name: string}} me
 * @param {string} id the document's
 */
export function showPeople(socket, list, me, id) {
  let people = new Map();
  const events = {
    presence_list: ({ entries }) => (people = new Map(entries.map((entry) => [entry.id, entry]))),
    presence_joined: ({ entry }) => people.set(entry.id, entry),
    presence_changed: ({ entry }) => people.set(entry.id, entry),
    presence_left: ({ entry }) => people.delete(entry.id),
  };
  for (const [name, apply] of Object.entries(events)) {
    socket.on(name, (payload) => {
      if (payload.room !== `document:${id}`) return;
      apply(payload);
      show();
    });
  }
  socket.on("disconnect", () => {
    people = new Map();
    show();
  });
  show();

  function show() {
    const others = [...people.values()].filter((person) => person.id !== me.id);
    const all = [me, ...others.sort((a, b) => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))];
    const shown = all.length > MOST + 1 ? all.slice(0, MOST) : all;
    const rest = all.slice(shown.length);
    list.replaceChildren(...shown.map((person) => line(person, person.id === me.id)), ...(rest.length ? [more(rest)] : []));
  }
}

function line(person, isMe) {
  return h(
    "li",
    { class: "here-person", title: isMe ? `${person.name} (you)` : person.name },
    avatar(person),
    h("span", { class: "name" }, person.name),
    isMe && h("span", { class: "visually-hidden" }, " (you)"),
  );
}

function more(people) {
  const names = people.map(({ name }) => name).join(", ");
  return h(
    "li",
    { class: "here-person more", title: names },
    h("span", { class: "avatar", "aria-hidden": "true" }, `+${people.length}`),
    h("span", { class: "visually-hidden" }, names),
  );
}
