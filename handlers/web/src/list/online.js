// Who is online: everybody who has a page of this application open.

import { avatar } from "../shared/avatar.js";
import { h } from "../shared/dom.js";
import { followRoom, meFirst } from "../shared/presence.js";

const ROOM = "online";
/** How many people are shown by name. */
const MOST = 24;

/**
 * Shows who is online, oneself first.
 *
 * @param {import("socket.io-client").Socket} socket
 * @param {HTMLUListElement} list
 * @param {{id: string, name: string}} me
 */
export function showOnline(socket, list, me) {
  followRoom(socket, ROOM, show);
  show(new Map());

  function show(people) {
    const all = meFirst(people, me);
    const more = all.length - MOST;
    list.replaceChildren(
      ...all.slice(0, MOST).map((person) => line(person, person.id === me.id)),
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
