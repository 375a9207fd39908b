// Pages without a network: copies of the pages and what they are made of, as one version that fits together. Nothing that
// belongs to a user is ever kept here.

import { CACHES } from "./sync/local.js";

/* global BUILT_FILES, BUILT_VERSION -- filled in by the build */

const CACHE = `${CACHES}${BUILT_VERSION}`;
/** "/404" answers with that status, and is of no use without a network. */
const FILES = new Set(BUILT_FILES.filter((file) => file !== "/404"));
const ASSETS = "/assets/";
/** How long to wait for the network where there is a copy, in milliseconds. */
const PATIENCE = 5_000;
/** Files are the same for whoever asks, whatever a server in between says they vary by. */
const SAME = { ignoreVary: true };

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(removeOld().then(() => clients.claim())));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith(ASSETS)) event.respondWith(asset(event.request));
  else if (mode === "navigate" && FILES.has(pathname)) event.respondWith(page(event, pathname));
});

/** The network's, and without an answer, or with none for long, the copy. */
async function page(event, pathname) {
  const copy = await (await caches.open(CACHE)).match(pathname, SAME);
  const asked = fetch(event.request).catch(() => null);
  const answer = await (copy ? Promise.race([asked, late()]) : asked);
  if (answer !== null && answer.status < 500) {
    event.waitUntil(fill().catch(() => {}));
    return answer;
  }
  return copy ?? answer ?? Response.error();
}

function late() {
  return new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE));
}

/** Names of assets tell their content: a copy, also one of the version before, is as good as the network's. */
async function asset(request) {
  return (await caches.match(request, SAME)) ?? fetch(request);
}

/** Copies what is missing: all of it at first, and again after a log-out has removed it. */
async function fill() {
  const cache = await caches.open(CACHE);
  const present = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  const missing = [...FILES].filter((file) => !present.has(file));
  await Promise.all(missing.map((file) => copy(cache, file)));
}

async function copy(cache, file) {
  const answer = await fetch(file, { cache: "no-cache", credentials: "same-origin" });
  if (answer.ok && !answer.redirected) await cache.put(file, answer);
}

/** The version before stays: pages that are open may still ask for its parts. */
async function removeOld() {
  const old = (await caches.keys()).filter((name) => name.startsWith(CACHES) && name !== CACHE);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
}
