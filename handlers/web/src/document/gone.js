// What shows in place of a document that is no more, or not for this user.

import lost from "../icons/lost.svg";
import { h } from "../shared/dom.js";
import { icon } from "../shared/icon.js";

const WHY = {
  deleted: ["This document was deleted", "Its owner has deleted it for everybody."],
  access_removed: ["You no longer have access to this document", "Its owner can let you in again."],
  left: ["You have left this document", "Its owner can let you in again."],
  no_such_document: ["There is no such document", "It does not exist, or you have no access to it."],
  too_many_people: ["This document has no room for more people", "Ask its owner, who can remove some of those who have access."],
  no_such_link: ["This link does not work", "It was changed or turned off. Ask whoever gave it to you for a new one."],
};

/** Puts the notice in place of all that the page showed, and the focus on it. */
export function showGone(main, code) {
  const [title, sentence] = WHY[code] ?? WHY.no_such_document;
  const heading = h("h1", { tabindex: "-1" }, title);
  main.replaceChildren(
    h(
      "div",
      { class: "nothing gone", role: "alert" },
      icon(lost),
      heading,
      h("p", {}, sentence),
      h("a", { class: "button primary", href: "/" }, "To the list"),
    ),
  );
  document.title = `${title} · Documents`;
  for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
  heading.focus();
}
