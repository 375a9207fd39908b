// What commands to pages share.

import { setTimeout as sleep } from "node:timers/promises";
import { Unmet } from "./waiting.mjs";

/** How much of a page a failure shows, in characters. */
const SIGHT = 6000;

/** The time between two looks, in milliseconds. */
const PAUSE = 25;

/** A page as a screen reader has it. */
export const sight = async (page) => {
  const tree = await page.locator("body").ariaSnapshot({ timeout: 1000 }).catch((error) => `(${error.message})`);
  return `${page.url()}\n${tree.slice(0, SIGHT)}`;
};

/** Carries out what a command wants; where it fails, the failure shows the page. */
export const guarded = async (page, act) => {
  try {
    return await act();
  } catch (error) {
    const plain = String(error.expected ?? error.message).replace(/\u001b\[\d+m/g, "");
    throw new Unmet(`${plain}\n--- the page ---\n${await sight(page)}`);
  }
};

/** Looks again and again, until what is seen is what is wanted. */
export const until = async (within, look, wanted) => {
  const end = Date.now() + within;
  for (;;) {
    const seen = await look();
    if (seen === wanted) return null;
    if (Date.now() > end) {
      throw new Unmet(`not ${JSON.stringify(wanted)} within ${within} ms, but ${JSON.stringify(seen)}`);
    }
    await sleep(PAUSE);
  }
};

/** Waits until nothing moves that will come to rest. */
export const calm = (page) =>
  page.evaluate(async () => {
    const ends = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    await Promise.allSettled(ends.map((one) => one.finished));
  });
