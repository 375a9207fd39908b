// Who has the document open.

import { avatar } from "../shared/avatar.js";
import { h } from "../shared/dom.js";
import { followRoom, meFirst } from "../shared/presence.js";

/** How many people are shown one by one. */
const MOST = 3;

/**
 * Shows who is here, oneself first; without a connection oneself alone.
 *
 * @param {import("socket.io-client").Socket} socket
 * @param {HTMLUListElement} list
 * @param {{id: string, name: string}} me
 * @param {string} id the document's
 */
export function showPeople(socket, list, me, id) {
  followRoom(socket, `document:${id}`, show);
  socket.on("disconnect", () => show(new Map()));
  show(new Map());

  function show(people) {
    const all = meFirst(people, me);
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
