// Who is in a room of presence, as the server tells it.

/**
 * Follows a room. Calls back after each change with the people who are there: entries by their ids.
 *
 * @param {import("socket.io-client").Socket} socket
 * @param {string} room
 * @param {(people: Map<string, {id: string, name: string}>) => void} changed
 */
export function followRoom(socket, room, changed) {
  let people = new Map();
  const events = {
    presence_list: ({ entries }) => (people = new Map(entries.map((entry) => [entry.id, entry]))),
    presence_joined: ({ entry }) => people.set(entry.id, entry),
    presence_changed: ({ entry }) => people.set(entry.id, entry),
    presence_left: ({ entry }) => people.delete(entry.id),
  };
  for (const [name, apply] of Object.entries(events)) {
    socket.on(name, (payload) => {
      if (payload.room !== room) return;
      apply(payload);
      changed(people);
    });
  }
}

const byName = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/** These people by name, `me` first, who is there in any case. */
export function meFirst(people, me) {
  const others = [...people.values()].filter(({ id }) => id !== me.id);
  return [me, ...others.sort((a, b) => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))];
}
