// What the user has to know about their changes, above the text.

import { h } from "../shared/dom.js";
import { explain } from "../shared/explain.js";

/** Why changes are refused, in words for people. */
const REFUSED = {
  document_full: "The document has become too large, what was deleted from it included.",
  update_too_large: "That was too much text at once.",
};

/**
 * Gives a function that shows what there is to say of a replica and its keeper.
 *
 * @param {HTMLElement} place
 * @param {() => void} discard gives up what could not be saved
 */
export function noticesIn(place, discard) {
  let last = "";
  return (replica, keeper) => {
    const notice = noticeOf(replica, keeper);
    const key = JSON.stringify(notice);
    if (key === last) return;
    last = key;
    place.replaceChildren(...(notice ? [element(notice, discard)] : []));
  };
}

function noticeOf(replica, keeper) {
  const { status, isUnsaved, outcome } = replica;
  if (status === "refused") {
    return {
      kind: "danger",
      sentence: `Your last changes cannot be saved. ${REFUSED[outcome.code] ?? explain(outcome)} Copy what you need before you discard them.`,
      mayDiscard: true,
    };
  }
  if (status === "reading" && isUnsaved) {
    return {
      kind: "warn",
      sentence: "You can only read this document now. Your last changes were not saved, and nobody else sees them.",
      mayDiscard: true,
    };
  }
  if (!keeper.isKeeping && isUnsaved && status === "offline") {
    return {
      kind: "warn",
      sentence: "This browser keeps nothing on this device. Leave this page open until the connection is back.",
    };
  }
  return null;
}

function element({ kind, sentence, mayDiscard }, discard) {
  return h(
    "div",
    { class: `notice ${kind}`, role: "alert" },
    h("p", {}, sentence),
    mayDiscard &&
      h("button", { class: "button small", type: "button", on: { click: discard } }, h("span", {}, "Discard my changes")),
  );
}
