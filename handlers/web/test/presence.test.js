import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { followRoom, meFirst } from "../src/shared/presence.js";

const ada = { id: "1", name: "ada" };
const bob = { id: "2", name: "Bob" };
const carl = { id: "3", name: "carl" };

test("who is in a room is as the server tells it, and other rooms do not count", () => {
  const socket = new EventEmitter();
  let shown;
  followRoom(socket, "online", (people) => (shown = [...people.values()].map(({ name }) => name)));
  const told = [
    ["presence_list", { room: "online", entries: [ada, bob] }, ["ada", "Bob"]],
    ["presence_joined", { room: "online", entry: carl }, ["ada", "Bob", "carl"]],
    ["presence_joined", { room: "document:1", entry: { id: "4", name: "dora" } }, ["ada", "Bob", "carl"]],
    ["presence_changed", { room: "online", entry: { ...bob, name: "Robert" } }, ["ada", "Robert", "carl"]],
    ["presence_left", { room: "online", entry: ada }, ["Robert", "carl"]],
    ["presence_list", { room: "online", entries: [carl] }, ["carl"]],
  ];
  for (const [event, payload, names] of told) {
    socket.emit(event, payload);
    assert.deepEqual(shown, names, event);
  }
});

test("people are shown by name, oneself first, also before the server has told anything", () => {
  const names = (people) => meFirst(new Map(people.map((person) => [person.id, person])), carl).map(({ name }) => name);
  assert.deepEqual(names([bob, carl, ada]), ["carl", "ada", "Bob"]);
  assert.deepEqual(names([]), ["carl"]);
});
