// Who is online: everybody who has a page of this application open.

import { avatar } from "../shared/avatar.js";
import { h } from "../shared/dom.js";

const ROOM = "online";
/** How many people are shown by name. */
const MOST = 24;

const byName = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/**
 * Shows who is online, oneself first.
 *
 * @param {import("socket.io-client").Socket} socket
 * @param {HTMLUListElement} list
 * @param {{id: string, name: string}} me
 */
export function showOnline(socket, list, me) {
  let people = new Map([[me.id, me]]);
  const events = {
    presence_list: ({ entries }) => (people = new Map(entries.map((entry) => [entry.id, entry]))),
    presence_joined: ({ entry }) => people.set(entry.id, entry),
    presence_changed: ({ entry }) => people.set(entry.id, entry),
    presence_left: ({ entry }) => people.delete(entry.id),
  };
  for (const [name, apply] of Object.entries(events)) {
    socket.on(name, (payload) => {
      if (payload.room !== ROOM) return;
      apply(payload);
      show();
    });
  }
  show();

  function show() {
    const sorted = [...people.values()].sort(
      (a, b) => (b.id === me.id) - (a.id === me.id) || byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1),
    );
    const more = sorted.length - MOST;
    list.replaceChildren(
      ...sorted.slice(0, MOST).map((person) => line(person, person.id === me.id)),
      ...(more > 0 ? [h("li", { class: "muted" }, `and ${more} more`)] : []),
    );
  }
}

function line(person, isMe) {
  return h(
    "li",
    { class: "person-line" },
    avatar(person),
    h("span", { class: "name" }, person.name),
    isMe && h("span", { class: "chip" }, "you"),
  );
}
