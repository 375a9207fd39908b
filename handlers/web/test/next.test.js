import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.location = new URL("https://documents.example.org/login");
const { nextPath, withNext } = await import("../src/shared/next.js");

const after = (next) => nextPath(`?${new URLSearchParams({ next })}`);

test("a log-in goes on to paths of this origin", () => {
  for (const path of ["/account", "/document?id=1#key=abc", "/a%2f/b"]) assert.equal(after(path), path);
});

test("a log-in goes on to no other origin, and to no script", () => {
  const elsewhere = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
  ];
  for (const next of elsewhere) assert.equal(after(next), "/", next);
});

test("a log-in does not go on to itself", () => {
  for (const page of ["/login", "/login?next=%2Flogin", "/register", "/login.html"]) assert.equal(after(page), "/", page);
});

test("the key of a link comes through a log-in, and no server sees it", () => {
  const address = withNext("/login", "/document?id=1#key=abc");
  assert.equal(address, "/login?next=%2Fdocument%3Fid%3D1#key=abc");
  const { search, hash } = new URL(address, location);
  assert.equal(nextPath(search, hash), "/document?id=1#key=abc");
  assert.equal(nextPath(new URL(address, location).search, ""), "/document?id=1");
});

test("a page to come back to is in the log-in's address, unless it is the first one", () => {
  assert.equal(withNext("/login", "/"), "/login");
  assert.equal(withNext("/login", "/account", { ended: "expired" }), "/login?ended=expired&next=%2Faccount");
});
