import assert from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { indexOf, placeOf, readPlace } from "../src/document/positions.js";

function textOf(words) {
  const text = new Y.Doc().getText("text");
  text.insert(0, words);
  return text;
}

const placed = (text, json) => indexOf(text, readPlace(json));

test("a place is where it was said to be", () => {
  const text = textOf("Good morning");
  for (const index of [0, 1, 5, 12]) assert.equal(placed(text, placeOf(text, index)), index);
});

test("a place moves along with the text before it, and not with what is written behind it", () => {
  const text = textOf("Good morning");
  const place = placeOf(text, 4);
  text.insert(0, "A ");
  text.insert(6, "!");
  assert.equal(placed(text, place), 6);
  text.delete(0, 4);
  assert.equal(placed(text, place), 2);
});

test("a place fits into a message", () => {
  const text = textOf("x".repeat(100_000));
  assert.ok(placeOf(text, 99_999).length <= 200);
});

test("a place in what has not come yet is none", () => {
  const there = textOf("Good morning");
  assert.equal(placed(textOf(""), placeOf(there, 5)), null);
});

test("what is no place is none", () => {
  const bad = ["", "nonsense", "null", '{"item":{"client":1e99,"clock":-5}}', '{"item":{"client":"x","clock":{}}}', '{"item":5}'];
  for (const json of [...bad, undefined, null]) assert.equal(readPlace(json), null, String(json));
});

test("a place in something else than the text is none, and makes nothing", () => {
  const text = textOf("Good morning");
  text.doc.getArray("other").insert(0, [1]);
  const client = text.doc.clientID;
  assert.equal(placed(text, JSON.stringify({ item: { client, clock: 12 }, assoc: 0 })), null);
  placed(text, '{"tname":"evil","assoc":0}');
  assert.ok(!text.doc.share.has("evil"));
});
