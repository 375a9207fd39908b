// Moments, as people speak of them: "5 minutes ago", "yesterday", "12 March".

import { h, text } from "./dom.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How often what is shown is brought up to date, in milliseconds. */
const TICK = 20_000;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const sameYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const otherYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" });

/** How long ago a moment was, for people. A moment ahead, of a clock that is fast, is now. */
export function phrase(date, now = new Date()) {
  const seconds = Math.max(0, (now - date) / 1000);
  if (seconds < 45) return "just now";
  if (seconds < HOUR) return relative.format(-Math.max(1, Math.floor(seconds / MINUTE)), "minute");
  if (seconds < DAY) return relative.format(-Math.floor(seconds / HOUR), "hour");
  const days = Math.round((midnight(now) - midnight(date)) / 1000 / DAY);
  if (days < 7) return relative.format(-Math.max(1, days), "day");
  return (date.getFullYear() === now.getFullYear() ? sameYear : otherYear).format(date);
}

/** A `<time>` that says how long ago `date` (RFC 3339) was, and goes on saying so. */
export function ago(date) {
  const element = h("time");
  setAgo(element, date);
  shown.add(new WeakRef(element));
  ticker ??= setInterval(tick, TICK);
  return element;
}

/** Lets a `<time>` of `ago` say another moment. */
export function setAgo(element, date) {
  const moment = new Date(date);
  element.dateTime = date;
  element.title = exact.format(moment);
  text(element, phrase(moment));
}

const shown = new Set();
let ticker;

function tick() {
  for (const reference of shown) {
    const element = reference.deref();
    if (element) text(element, phrase(new Date(element.dateTime)));
    else shown.delete(reference);
  }
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}
