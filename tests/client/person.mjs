// One person's browser: cookies and storage of their own, and tabs.

import { Problems } from "./problems.mjs";

/** How long the client waits at most for what has no time limit of its own, in milliseconds. */
const PATIENCE = 10_000;

export class Person {
  #context;
  #cookies = new Set();

  static async at(chromium, name, url) {
    const browser = await chromium.browser();
    const context = await browser.newContext({ baseURL: url, reducedMotion: "reduce", acceptDownloads: true });
    context.setDefaultTimeout(PATIENCE);
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    const person = new Person();
    person.chromium = chromium;
    person.#context = context;
    person.problems = await Problems.of(context, name, url);
    context.on("response", (response) => person.#notice(response));
    return person;
  }

  tab() {
    return this.#context.newPage();
  }

  /** A request with this person's cookies, which no page makes. */
  async request({ method, path, body, headers, within }) {
    const type = body === undefined && method === "GET" ? {} : { "content-type": "application/json" };
    const options = { method, data: body, headers: { ...type, ...headers }, timeout: within, maxRedirects: 0 };
    const response = await this.#context.request.fetch(path, options);
    const text = await response.text();
    const isJson = (response.headers()["content-type"] ?? "").startsWith("application/json");
    return { status: response.status(), headers: response.headers(), text, json: isJson ? JSON.parse(text) : null };
  }

  /** What went wrong in this person's tabs, and every cookie they were ever given. */
  async end() {
    // a browser that was killed has no cookies to tell
    const last = await this.#context.cookies().catch(() => []);
    for (const { name, value } of last) this.#cookies.add(`${name}=${value}`);
    return { problems: this.problems.seen, cookies: [...this.#cookies].join("; ") };
  }

  async #notice(response) {
    const lines = await response.headerValues("set-cookie").catch(() => []);
    for (const line of lines) this.#cookies.add(line.split(";")[0]);
  }
}
