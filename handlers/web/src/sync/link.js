// One connection's part of a replica: what waits to be pushed over it, and the pauses its work makes.

/** Lives from one `connect` of the socket until it is disconnected. */
export class Link {
  /** Whether the document has to be opened, for the first time or again, before anything is pushed. */
  isDue = true;
  isOver = false;
  /** Updates that are not yet on their way. @type {Uint8Array[]} */
  waiting = [];
  #isNudged = false;
  #wake = () => {};

  /** Says that there may be something to do; this ends `idle`, also the next one. */
  nudge() {
    this.#isNudged = true;
    this.#wake("nudge");
  }

  /** Ends the link, and whatever pause it makes. */
  end() {
    this.isOver = true;
    this.#wake("end");
  }

  /** Pauses until there may be something to do. */
  async idle() {
    if (!this.#isNudged && !this.isOver) {
      await new Promise((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isNudged = false;
  }

  /** Pauses for so many milliseconds, or until the link ends. */
  async sleep(milliseconds) {
    if (this.isOver || milliseconds <= 0) return;
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = (reason) => {
        if (reason !== "end") return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
