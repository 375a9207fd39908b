import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import * as Y from "yjs";
import { Replica } from "../src/sync/replica.js";
import { ID, Server, eventually, refusal, settle } from "./server.js";

const QUICK = { spacing: 0, patience: 60, soon: 2, late: 10, gap: 10 };
const open = [];

afterEach(() => {
  while (open.length > 0) open.pop().destroy();
});

/** A page that has the server's document open, or tries to. */
function page(server, { doc = new Y.Doc(), socket = server.connect(), options = QUICK, ...rest } = {}) {
  const replica = new Replica({ doc, socket, id: ID, options, ...rest });
  const text = doc.getText("text");
  open.push(replica);
  return { doc, socket, replica, text, type: (words) => text.insert(text.length, words) };
}

async function openPage(server, parts) {
  const opened = page(server, parts);
  await eventually(() => ["saved", "reading"].includes(opened.replica.status));
  return opened;
}

const isSaved = ({ replica }) => eventually(() => replica.status === "saved");

test("what is typed reaches the server and the others", async () => {
  const server = new Server();
  const ada = await openPage(server);
  const bob = await openPage(server);
  ada.type("Good morning");
  await eventually(() => bob.text.toString() === "Good morning");
  assert.equal(server.text, "Good morning");
  assert.equal(ada.replica.title, "Minutes");
  assert.equal(ada.replica.role, "editor");
});

test("what others type is not sent back", async () => {
  const server = new Server();
  const ada = await openPage(server);
  const bob = await openPage(server);
  ada.type("Good morning");
  await eventually(() => bob.text.length > 0);
  await settle();
  assert.equal(server.pushes, 1);
  assert.equal(bob.replica.isUnsaved, false);
});

test("it is saved only when the server has answered", async () => {
  const server = new Server();
  const ada = await openPage(server);
  server.losesAnswer = ({ event }) => event === "push" || event === "open";
  ada.type("x");
  await eventually(() => server.text === "x");
  await settle();
  assert.equal(ada.replica.status, "saving");
  assert.equal(ada.replica.isUnsaved, true);
});

test("what is typed while an update is on its way goes as one", async () => {
  const server = new Server();
  const ada = await openPage(server);
  for (const letter of "a long sentence") ada.type(letter);
  await isSaved(ada);
  assert.equal(server.text, "a long sentence");
  assert.ok(server.pushes <= 2, `${server.pushes} pushes`);
});

test("a large update goes in pieces, in order", async () => {
  const server = new Server();
  const ada = await openPage(server);
  const bob = await openPage(server);
  const long = "0123456789abcdef".repeat(1024 * 64);
  ada.type(long);
  await eventually(() => server.pushes > 2);
  ada.type("!");
  assert.equal(ada.replica.status, "saving");
  await isSaved(ada);
  assert.equal(server.text, `${long}!`);
  await eventually(() => bob.text.length === long.length + 1);
});

test("an update whose answer was lost is neither lost nor there twice", async () => {
  const server = new Server();
  const ada = await openPage(server);
  let lost = 0;
  server.losesAnswer = ({ event }) => event === "push" && lost++ === 0;
  ada.type("once");
  await isSaved(ada);
  assert.equal(lost, 1);
  assert.equal(server.text, "once");
});

test("a piece whose answer was lost makes the whole update start again", async () => {
  const server = new Server();
  const ada = await openPage(server);
  let pieces = 0;
  server.losesAnswer = ({ event }) => event === "push" && ++pieces === 3;
  const long = "lorem ipsum ".repeat(20_000);
  ada.type(long);
  await isSaved(ada);
  assert.equal(server.text, long);
});

test("what is typed without a connection is pushed when it is back", async () => {
  const server = new Server();
  const ada = await openPage(server);
  const bob = await openPage(server);
  ada.socket.cut();
  assert.equal(ada.replica.status, "offline");
  ada.type("mine ");
  bob.type("theirs ");
  await isSaved(bob);
  assert.equal(ada.replica.status, "offline");
  ada.socket.connect();
  await isSaved(ada);
  await eventually(() => bob.text.toString() === ada.text.toString());
  assert.equal(server.text, ada.text.toString());
  assert.equal(server.text.length, "mine theirs ".length);
});

test("an update cut off on its way is pushed when the connection is back", async () => {
  const server = new Server();
  const ada = await openPage(server);
  ada.type("lorem ipsum ".repeat(20_000));
  await eventually(() => server.pushes > 1);
  ada.socket.cut();
  ada.type("the end");
  ada.socket.connect();
  await isSaved(ada);
  assert.equal(server.text, ada.text.toString());
});

test("deletions alone are pushed when the connection is back, though the state vectors are equal", async () => {
  const server = new Server();
  const ada = await openPage(server);
  ada.type("Good morning");
  await isSaved(ada);
  ada.socket.cut();
  ada.text.delete(0, 5);
  ada.socket.connect();
  await isSaved(ada);
  assert.equal(server.text, "morning");
});

test("a deletion whose answer was lost and which the server lost is pushed again", async () => {
  const server = new Server();
  const ada = await openPage(server);
  ada.type("Good morning");
  await isSaved(ada);
  let lost = 0;
  server.guard = ({ event }) => (event === "push" && lost++ === 0 ? refusal("unavailable") : undefined);
  ada.text.delete(0, 5);
  await isSaved(ada);
  assert.equal(lost, 2);
  assert.equal(server.text, "morning");
});

test("opening pushes nothing where there is no difference", async () => {
  const server = new Server();
  const ada = await openPage(server);
  ada.type("Good morning");
  ada.text.delete(2, 3);
  ada.type("!");
  ada.text.delete(0, 1);
  await isSaved(ada);
  const before = server.pushes;
  for (let count = 0; count < 3; count += 1) {
    ada.socket.cut();
    ada.socket.connect();
    await isSaved(ada);
  }
  await settle();
  assert.equal(server.pushes, before);
});

test("what was typed before a reload is pushed after it", async () => {
  const server = new Server();
  const ada = await openPage(server);
  ada.type("kept");
  await isSaved(ada);
  ada.socket.cut();
  ada.type(" and more");
  ada.text.delete(0, 1);
  const kept = Y.encodeStateAsUpdate(ada.doc);
  ada.replica.destroy();

  const doc = new Y.Doc();
  Y.applyUpdate(doc, kept);
  const again = await openPage(server, { doc });
  await isSaved(again);
  assert.equal(server.text, "ept and more");
});

test("a restart of the server loses nothing", async () => {
  const server = new Server();
  const ada = await openPage(server);
  const bob = await openPage(server);
  ada.type("a".repeat(200_000));
  await eventually(() => server.pushes > 2);
  const sockets = server.restart();
  ada.type("b");
  bob.type("c");
  for (const socket of sockets) socket.connect();
  await isSaved(ada);
  await isSaved(bob);
  await eventually(() => ada.text.toString() === bob.text.toString());
  assert.equal(server.text, ada.text.toString());
  assert.equal(server.text.length, 200_002);
});

test("an answer of a connection that is over counts for nothing", async () => {
  const server = new Server();
  const ada = await openPage(server);
  let lost = 0;
  server.losesAnswer = ({ event }) => event === "push" && lost++ === 0;
  ada.type("one");
  await eventually(() => lost === 1);
  ada.socket.cut();
  server.doc = new Y.Doc(); // it had not been stored
  ada.socket.connect();
  assert.notEqual(ada.replica.status, "saved");
  await isSaved(ada);
  assert.equal(server.text, "one");
});

test("connections that come and go quickly leave one at work", async () => {
  const server = new Server();
  const ada = await openPage(server);
  for (let count = 0; count < 20; count += 1) {
    ada.type(String(count));
    ada.socket.cut();
    ada.socket.connect();
  }
  await isSaved(ada);
  assert.equal(server.text, ada.text.toString());
  const opens = server.heard.filter(({ event }) => event === "open").length;
  await settle();
  assert.equal(server.heard.filter(({ event }) => event === "open").length, opens);
});

for (const code of ["rate_limited", "overloaded"]) {
  test(`a piece that is ${code} is pushed again, after as long as the server asks for`, async () => {
    const server = new Server();
    // a machine that stands still for a moment is no answer that is late
    const ada = await openPage(server, { options: { ...QUICK, patience: 5_000 } });
    const times = [];
    server.guard = ({ event }) => {
      if (event !== "push") return undefined;
      times.push(Date.now());
      return times.length === 3 ? refusal(code, { retry_after_ms: 40 }) : undefined;
    };
    const long = "lorem ipsum ".repeat(20_000);
    ada.type(long);
    await isSaved(ada);
    assert.ok(times[3] - times[2] >= 39, `${times[3] - times[2]} ms`);
    assert.equal(server.heard.filter(({ event }) => event === "open").length, 1);
    assert.equal(server.text, long);
  });
}

for (const code of ["unavailable", "shutting_down", "timeout", "internal"]) {
  test(`it is tried again, and not said to be saved, while the server answers ${code}`, async () => {
    const server = new Server();
    const ada = await openPage(server);
    let left = 4;
    server.guard = ({ event }) => (event === "push" && left-- > 0 ? refusal(code) : undefined);
    ada.type("x");
    await eventually(() => left < 2);
    assert.equal(ada.replica.status, "saving");
    await isSaved(ada);
    assert.equal(server.text, "x");
  });
}

test("opening is tried again as well", async () => {
  const server = new Server();
  let left = 3;
  server.guard = ({ event }) => (event === "open" && left-- > 0 ? refusal("unavailable") : undefined);
  const ada = await openPage(server);
  assert.equal(ada.replica.status, "saved");
});

test("a document that is not there is gone", async () => {
  const server = new Server();
  server.guard = () => refusal("no_such_document");
  const ada = page(server);
  await eventually(() => ada.replica.status === "gone");
  assert.equal(ada.replica.outcome.code, "no_such_document");
  ada.socket.cut();
  ada.socket.connect();
  await settle();
  assert.equal(server.heard.length, 1);
});

test("whoever is put out is told why", async () => {
  const server = new Server();
  const ada = await openPage(server);
  server.tell("document_removed", { id: "another", reason: "deleted" });
  server.tell("document_removed", { id: ID, reason: "access_removed" });
  await eventually(() => ada.replica.status === "gone");
  assert.equal(ada.replica.outcome.code, "access_removed");
  ada.type("more");
  await settle();
  assert.equal(server.pushes, 0);
});

test("whoever has to be let in first opens the document after that", async () => {
  const server = new Server();
  server.guard = ({ event }) => (event === "open" ? refusal("no_such_document") : undefined);
  let admit;
  const admission = new Promise((resolve) => (admit = resolve));
  const ada = page(server, { admission });
  await settle();
  assert.equal(ada.replica.status, "opening");
  assert.deepEqual(server.heard, []);
  server.guard = () => undefined;
  admit();
  await isSaved(ada);
});

test("readers push nothing", async () => {
  const server = new Server();
  server.role = "reader";
  const ada = await openPage(server);
  ada.type("no");
  await settle();
  assert.equal(ada.replica.status, "reading");
  assert.equal(server.pushes, 0);
  await ada.replica.flush();
});

test("who becomes a reader stops pushing, and pushes what is left when they become an editor again", async () => {
  const server = new Server();
  const ada = await openPage(server);
  server.guard = ({ event }) => (event === "push" && server.role === "reader" ? refusal("read_only") : undefined);
  server.role = "reader";
  ada.type("left over");
  await eventually(() => ada.replica.status === "reading");
  assert.equal(ada.replica.isUnsaved, true);
  const before = server.pushes;
  await settle();
  assert.equal(server.pushes, before);
  server.role = "editor";
  server.tell("role_changed", { id: ID, role: "editor" });
  await isSaved(ada);
  assert.equal(server.text, "left over");
});

test("an update that the server never takes is refused, by name, and what others type still comes", async () => {
  const server = new Server();
  const ada = await openPage(server);
  const bob = await openPage(server);
  server.guard = ({ event, socket }) =>
    event === "push" && socket === ada.socket ? refusal("invalid_update") : undefined;
  ada.type("bad");
  await eventually(() => ada.replica.status === "refused");
  assert.equal(ada.replica.outcome.code, "invalid_update");
  assert.equal(ada.replica.mayWrite, false);
  assert.equal(ada.replica.isUnsaved, true);
  await assert.rejects(ada.replica.flush(), { code: "invalid_update" });
  bob.type("good");
  await eventually(() => ada.text.toString().includes("good"));
});

test("an update that is refused once, and not as the difference computed anew, is saved", async () => {
  const server = new Server();
  const ada = await openPage(server);
  let left = 1;
  server.guard = ({ event }) => (event === "push" && left-- > 0 ? refusal("invalid_update") : undefined);
  ada.type("fine");
  await isSaved(ada);
  assert.equal(server.text, "fine");
});

test("an update that others' updates build on and that was lost is fetched", async () => {
  const server = new Server();
  const ada = await openPage(server);
  const bob = await openPage(server);
  let lost = 0;
  server.losesUpdate = () => lost++ === 0;
  ada.type("one ");
  await isSaved(ada);
  ada.type("two");
  await eventually(() => bob.text.toString() === "one two");
  assert.equal(bob.replica.status, "saved");
});

test("updates that come in another order come to the same", async () => {
  const server = new Server();
  const ada = await openPage(server);
  const bob = await openPage(server);
  const updates = [];
  const author = new Y.Doc();
  author.on("update", (update) => updates.push(update));
  for (const word of ["one ", "two ", "three "]) author.getText("text").insert(author.getText("text").length, word);
  for (const update of updates.reverse()) {
    ada.socket.hear("updated", { id: ID, update: Buffer.from(update) });
    bob.socket.hear("updated", { id: ID, update: Buffer.from(update) });
  }
  await eventually(() => ada.text.toString() === "one two three ");
  await eventually(() => bob.text.toString() === "one two three ");
});

test("bytes that are no update do no harm", async () => {
  const server = new Server();
  const ada = await openPage(server);
  const { error } = console;
  console.error = () => {};
  ada.socket.hear("updated", { id: ID, update: Buffer.from([255, 255, 255, 1]) });
  await settle();
  console.error = error;
  ada.type("still here");
  await isSaved(ada);
  assert.equal(server.text, "still here");
});

test("flush waits for what was typed until then, and for nothing later", async () => {
  const server = new Server();
  const ada = await openPage(server);
  ada.type("before");
  let isTyping = true;
  ada.replica.addEventListener("change", () => isTyping && setImmediate(() => ada.type(".")));
  await ada.replica.flush();
  assert.ok(server.text.startsWith("before"));
  isTyping = false;
});

test("the server's flush is acknowledged once everything is stored", async () => {
  const server = new Server();
  const ada = await openPage(server);
  ada.type("all of it");
  let acknowledged;
  server.tell("flush", { id: ID }, (answer) => {
    acknowledged = { answer, text: server.text };
  });
  await eventually(() => acknowledged !== undefined);
  assert.deepEqual(acknowledged, { answer: true, text: "all of it" });
});

test("a replica that is destroyed closes the document and is silent", async () => {
  const server = new Server();
  const ada = await openPage(server);
  ada.socket.cut();
  ada.type("x");
  const flushed = ada.replica.flush();
  ada.socket.connect();
  ada.replica.destroy();
  await assert.rejects(flushed, { code: "destroyed" });
  await settle();
  assert.equal(server.heard.at(-1).event, "close");
  const before = server.heard.length;
  ada.socket.cut();
  ada.socket.connect();
  ada.type("y");
  await settle();
  assert.equal(server.heard.length, before);
});

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`three pages converge through random edits, cuts, lost answers and restarts (seed ${seed})`, async () => {
    const random = mulberry32(seed);
    const below = (limit) => Math.floor(random() * limit);
    const server = new Server();
    const pages = [await openPage(server), await openPage(server), await openPage(server)];
    server.losesAnswer = ({ event }) => event !== "close" && random() < 0.02;
    server.losesUpdate = () => random() < 0.05;
    server.guard = ({ event }) =>
      event === "push" && random() < 0.1
        ? refusal(["rate_limited", "unavailable", "internal"][below(3)], { retry_after_ms: 1 })
        : undefined;
    for (let step = 0; step < 300; step += 1) {
      const { text, socket } = pages[below(3)];
      const at = below(text.length + 1);
      const dice = random();
      if (dice < 0.5) text.insert(at, "abc".repeat(1 + below(3)));
      else if (dice < 0.8) text.delete(at, Math.min(below(8), text.length - at));
      else if (dice < 0.83) text.insert(at, "z".repeat(120_000));
      else if (dice < 0.9) socket.connected ? socket.cut() : socket.connect();
      else if (dice < 0.91) server.restart();
      else await settle();
    }
    server.losesAnswer = server.losesUpdate = () => false;
    server.guard = () => undefined;
    for (const { socket } of pages) {
      if (socket.connected) socket.cut();
      socket.connect();
    }
    for (const each of pages) await isSaved(each);
    for (const { text } of pages) await eventually(() => text.toString() === server.text, "the texts are the same");
  });
}

function mulberry32(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
