// Holds people with browsers for one test: Debian's chromium, driven by playwright.

import { serve } from "./commands.mjs";
import { violations } from "./axe.mjs";
import { Chromium } from "./chromium.mjs";
import { element } from "./element.mjs";
import { Person } from "./person.mjs";
import { calm, guarded, sight, until } from "./tab.mjs";
import { Unmet } from "./waiting.mjs";

const shared = new Chromium();
const people = new Map();
const tabs = [];
const held = new Map();

const person = ({ client, url }) => {
  const found = people.get(`${client} ${url}`);
  if (!found) throw new Unmet(`nobody called ${client} has a browser at ${url}`);
  return found;
};

const tab = ({ page }) => tabs[page];

/** A command to an element of a page. */
const to = (act) => (command) =>
  guarded(tab(command), () => act(element(tab(command), command.steps), command, { timeout: command.within }));

/** A command to a page. */
const on = (act) => (command) => guarded(tab(command), () => act(tab(command), command, { timeout: command.within }));

/** What is written in an editor, without what shows where others are. */
const written = (it) =>
  it.evaluate((node) => {
    const text = node.cloneNode(true);
    for (const other of text.querySelectorAll("[aria-hidden=true], .cm-placeholder, .cm-widgetBuffer")) other.remove();
    return [...text.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n");
  });

/** Path, query and fragment. */
const pathOf = (address) => address.slice(new URL(address).origin.length);

const words = (text) => text.replace(/\s+/g, " ").trim();

serve({
  async person({ client, url, own }) {
    const chromium = own ? new Chromium() : shared;
    people.set(`${client} ${url}`, await Person.at(chromium, client, url));
  },
  http: (command) => person(command).request(command),
  expect: (command) => person(command).problems.expect(command.text),
  expect_no_more: (command) => person(command).problems.expectNoMore(command.text),
  kill: (command) => person(command).chromium.kill(),
  async tab(command) {
    const page = await person(command).tab();
    return { page: tabs.push(page) - 1 };
  },
  async end() {
    const everybody = [...people.values()];
    const ended = await Promise.all(everybody.map((person) => person.end()));
    await Promise.all(everybody.map(({ chromium }) => chromium.close()));
    return { problems: ended.flatMap(({ problems }) => problems), headers: { cookie: ended.map(({ cookies }) => cookies).join("; ") } };
  },

  go: on(async (page, { path }, options) => (await page.goto(path, options))?.status() ?? null),
  begin: on(async (page, { path }, options) => {
    await page.goto(path, { ...options, waitUntil: "commit" });
  }),
  hold_scripts: on((page) => {
    held.set(page, []);
    return page.route("**/*.js", (route) => held.get(page)?.push(route) ?? route.continue()).then(() => null);
  }),
  release_scripts: on(async (page) => {
    const routes = held.get(page);
    held.delete(page);
    for (const route of routes) await route.continue();
  }),
  reload: on((page, _, options) => page.reload(options).then(() => null)),
  back: on((page, _, options) => page.goBack(options).then(() => null)),
  close_tab: on((page) => page.close()),
  address: on((page) => page.url()),
  comes_to: on((page, { path, within }) => {
    const look = () => pathOf(page.url());
    return until(within, () => (look().startsWith(path) ? path : look()), path);
  }),
  title: on((page) => page.title()),
  type: on((page, { keys }) => page.keyboard.type(keys)),
  press: on((page, { keys }) => page.keyboard.press(keys)),
  paste: on(async (page, { clip }) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), clip);
    await page.keyboard.press("ControlOrMeta+V");
  }),
  evaluate: on((page, { script }) => page.evaluate(script)),
  look: on(async (page, { theme, width, height }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
  }),
  overflow: on((page) => page.evaluate(() => Math.max(0, document.scrollingElement.scrollWidth - innerWidth))),
  axe: on(async (page, _) => {
    await calm(page);
    return violations(page);
  }),
  screenshot: on(async (page, { file }) => {
    await calm(page);
    await page.screenshot({ path: file, caret: "initial" });
  }),
  sight: on((page) => sight(page)),

  click: to((it, _, options) => it.click(options)),
  hover: to((it, _, options) => it.hover(options)),
  focus: to((it, _, options) => it.focus(options)),
  fill: to(async (it, { fill }, options) => {
    for (const text of Object.values(fill)) await it.fill(text, options);
  }),
  select: to((it, { option }, options) => it.selectOption({ label: option }, options).then(() => null)),
  appears: to((it, _, options) => it.waitFor({ ...options, state: "visible" })),
  vanishes: to((it, _, options) => it.waitFor({ ...options, state: "hidden" })),
  has_focus: to((it, { within }) => until(within, () => it.evaluate((node) => node.matches(":focus")), true)),
  is_focused: to(async (it) => (await it.count()) > 0 && it.evaluate((node) => node.matches(":focus"))),
  count: to((it) => it.count()),
  text: to(async (it, _, options) => words(await it.innerText(options))),
  reads: to((it, { text, within }) => until(within, async () => words(await it.innerText()), text)),
  value: to((it, _, options) => it.inputValue(options)),
  has_value: to((it, { text, within }) => until(within, () => it.inputValue(), text)),
  written: to((it) => written(it)),
  is_written: to((it, { text, within }) => until(within, () => written(it), text)),
  lists: to((it, { items, within }) => {
    const look = async () => {
      const texts = await it.getByRole("listitem").allTextContents();
      return texts.length === items.length && items.every((item) => texts.some((text) => text.includes(item))) ? items : texts.map(words);
    };
    return until(within, look, items);
  }),
  items: to(async (it) => (await it.getByRole("listitem").allInnerTexts()).map(words)),
});
