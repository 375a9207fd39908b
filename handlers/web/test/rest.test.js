import assert from "node:assert/strict";
import { test } from "node:test";
import { settled } from "../src/sync/rest.js";

class Replica extends EventTarget {
  status = "opening";

  becomes(status) {
    this.status = status;
    this.dispatchEvent(new Event("change"));
  }
}

const isDone = async (promise) => (await Promise.race([promise.then(() => true), new Promise((resolve) => setImmediate(resolve))])) === true;

test("a replica has settled when it will not come further by itself", async () => {
  for (const end of ["saved", "reading", "refused", "gone"]) {
    const replica = new Replica();
    const waiting = settled(replica, new AbortController().signal);
    for (const status of ["offline", "opening", "saving"]) replica.becomes(status);
    assert.equal(await isDone(waiting), false);
    replica.becomes(end);
    assert.equal(await isDone(waiting), true, end);
  }
});

test("nobody waits for a replica longer than they want to", async () => {
  const late = new AbortController();
  const waiting = settled(new Replica(), late.signal);
  late.abort();
  assert.equal(await isDone(waiting), true);
  assert.equal(await isDone(settled(new Replica(), late.signal)), true);
});
