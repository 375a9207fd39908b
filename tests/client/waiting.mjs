// Waiting that ends: with what was awaited, or with a sentence that says what was seen instead.

/** A failure that a test is told in its own words, without a stack. */
export class Unmet extends Error {
  constructor(expected) {
    super(expected);
    this.expected = expected;
  }
}

/** Settles with `promise`, or fails after `within` milliseconds with what `describe` then says. */
export const bounded = (promise, within, describe) => {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Unmet(`${describe()} (waited ${within} ms)`)), within);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** Values that come at some time, for whoever asks: first come, first served. */
export class Inbox {
  #items = [];
  #waiting = [];

  push(item) {
    const place = this.#waiting.findIndex(({ wants }) => wants(item));
    if (place < 0) this.#items.push(item);
    else this.#waiting.splice(place, 1)[0].resolve(item);
  }

  /** The first item that fits and that nobody has taken. */
  async take(wants, within, describe) {
    const place = this.#items.findIndex(wants);
    if (place >= 0) return this.#items.splice(place, 1)[0];
    const waiting = { wants };
    const item = new Promise((resolve) => (waiting.resolve = resolve));
    this.#waiting.push(waiting);
    return bounded(item, within, describe).catch((error) => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      throw error;
    });
  }
}
