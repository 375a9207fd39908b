// What goes wrong in a person's tabs and is no part of what the test expects: errors on the console, exceptions that
// nobody caught, violations of the Content-Security-Policy, requests to other hosts.

/** What the console says where the network is away. */
const NETWORK = /net::ERR_|^WebSocket connection to |^An unknown error occurred when fetching the script\.$/;

export class Problems {
  /** Everything that went wrong: when, in milliseconds of the epoch, whether for want of a network, and what. */
  seen = [];
  #expected = new Set();
  #name;

  static async of(context, name, url) {
    const problems = new Problems();
    problems.#name = name;
    const { host } = new URL(url);
    context.on("console", (message) => problems.#console(message));
    context.on("weberror", (error) => problems.#add(error.page(), `uncaught: ${error.error().stack ?? error.error()}`));
    context.on("serviceworker", (worker) => worker.on("console", (message) => problems.#console(message)));
    context.on("request", (request) => {
      const to = new URL(request.url());
      const isRemote = ["http:", "https:", "ws:", "wss:"].includes(to.protocol) && to.host !== host;
      if (isRemote) problems.#add(undefined, `a request to another host: ${request.method()} ${to.href}`);
    });
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
        console.error(`Content-Security-Policy: ${effectiveDirective} forbids ${blockedURI} (${sourceFile}:${lineNumber})`);
      });
    });
    return problems;
  }

  /** From now on an error with this text is expected. `network` stands for all that the lack of a network brings. */
  expect(text) {
    this.#expected.add(text);
  }

  expectNoMore(text) {
    this.#expected.delete(text);
  }

  #console(message) {
    if (message.type() !== "error") return;
    const from = message.location().url;
    // to ask who one is, and to be told "nobody", is nothing wrong
    if (/status of 401/.test(message.text()) && new URL(from).pathname.startsWith("/auth/")) return;
    this.#add(message.page?.(), `on the console: ${message.text()} (${from})`, NETWORK.test(message.text()));
  }

  #add(page, text, network = false) {
    const isExpected = [...this.#expected].some((part) => (part === "network" ? network : text.includes(part)));
    if (isExpected) return;
    const where = page ? ` at ${page.url()}` : "";
    this.seen.push({ at: Date.now(), network, text: `${this.#name}${where}: ${text}` });
  }
}
