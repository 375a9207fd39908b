// One process of chromium, started when somebody first needs it.

import { chromium } from "playwright-core";

const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  // whoever asks for another host than the test's servers is told that there is none
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

export class Chromium {
  #browser;

  /** The process that is there, or a new one. */
  browser() {
    this.#browser ??= chromium.launch({
      executablePath: process.env.CHROMIUM,
      // a sandbox cannot be had as root
      chromiumSandbox: process.getuid() !== 0,
      args: FLAGS,
    });
    return this.#browser;
  }

  /** Kills the process and all that belong to it, without a chance for them to do anything. */
  async kill() {
    const browser = await this.browser();
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const gone = new Promise((resolve) => browser.once("disconnected", resolve));
    for (const { id } of processInfo) {
      try {
        process.kill(id, "SIGKILL");
      } catch (error) {
        // some end with those who are killed before them
        if (error.code !== "ESRCH") throw error;
      }
    }
    await gone;
  }

  async close() {
    const browser = await this.#browser;
    await browser?.close();
  }
}
