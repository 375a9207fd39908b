import assert from "node:assert/strict";
import { test } from "node:test";
import { phrase } from "../src/shared/time.js";

const now = new Date(2026, 10, 23, 14, 0, 0);
const HOUR = 3600;
const DAY = 24 * HOUR;

test("a moment is told as people speak of it", () => {
  const told = [
    [-100, "just now"],
    [44, "just now"],
    [45, "1 minute ago"],
    [HOUR - 1, "59 minutes ago"],
    [HOUR, "1 hour ago"],
    [DAY - 1, "23 hours ago"],
    [DAY, "yesterday"],
    [2 * DAY + 13 * HOUR, "2 days ago"],
    [2 * DAY + 15 * HOUR, "3 days ago"],
    [7 * DAY, "16 November"],
    [800 * DAY, "14 September 2024"],
  ];
  for (const [seconds, words] of told) assert.equal(phrase(new Date(now - seconds * 1000), now), words, `${seconds} s`);
});
