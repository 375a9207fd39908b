// Puts the rows of the list in order, without a jump.

/** Rows that come from further away than this, in pixels, appear at their new place and do not fly there. */
const FAR = 320;
const CALM = { duration: 260, easing: "cubic-bezier(0.2, 0.8, 0.2, 1)" };

const mayMove = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;
const canHover = () => matchMedia("(hover: hover)").matches;

/**
 * Gives a list these elements as children, in this order. Those that are there glide to their new places.
 *
 * Nothing that is there moves while somebody points at the list or has the focus in it; new ones are put in all the same.
 * The answer is whether the order has to be made later.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement[]} elements all children of the list, and others
 */
export function ordered(list, elements) {
  const present = new Set(list.children);
  const isHeld = list.matches(":focus-within") || (canHover() && list.matches(":hover"));
  const wanted = isHeld ? withNew([...list.children], elements) : elements;
  const isLater = wanted.some((element, place) => element !== elements[place]);
  if (wanted.every((element, place) => element === list.children[place])) return isLater;
  const before = new Map([...present].map((element) => [element, element.getBoundingClientRect().top]));
  wanted.forEach((element, place) => {
    if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
  });
  if (present.size && mayMove()) glide(wanted, before);
  return isLater;
}

/** Those that are there as they are, each new one before the next that is there. */
function withNew(present, elements) {
  const held = [...present];
  elements.forEach((element, place) => {
    if (present.includes(element)) return;
    const next = elements.slice(place + 1).find((later) => held.includes(later));
    held.splice(next ? held.indexOf(next) : held.length, 0, element);
  });
  return held;
}

function glide(elements, before) {
  for (const element of elements) {
    const way = before.get(element) - element.getBoundingClientRect().top;
    const isNear = before.has(element) && Math.abs(way) < FAR;
    if (!isNear) element.animate([{ opacity: 0 }, { opacity: 1 }], CALM);
    else if (way) element.animate([{ translate: `0 ${way}px` }, { translate: "0 0" }], CALM);
  }
}
