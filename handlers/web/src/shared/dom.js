// Building and finding elements. Text is only ever set as text: nothing here parses HTML.

/**
 * An element with its properties and children.
 *
 * `on` holds listeners by event name, `class` and `data` are what they say, everything else is an attribute: `true` sets it
 * empty, `false`, `null` and `undefined` leave it out. Children that are `null`, `undefined` or `false` are left out, too.
 *
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string | number | null | undefined | false)} children
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else set(element, name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false).map(node));
  return element;
}

/** Sets an attribute as `h` does; `false`, `null` and `undefined` remove it. */
export function set(element, name, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** The element of this id. Pages have all that their scripts ask for. */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element #${id}`);
  return element;
}

/** Replaces the text, and leaves the element alone where it says that already, so that nothing is read out twice. */
export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

function node(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}
