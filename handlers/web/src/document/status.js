// Whether what was typed is safe.

import { announce } from "../shared/announce.js";
import { text } from "../shared/dom.js";

const WORDS = {
  opening: "",
  offline: "Offline: your changes are kept on this device",
  saving: "Saving…",
  saved: "Saved",
  reading: "Reading only",
  refused: "Not saved",
  gone: "",
};

/**
 * Gives a function that shows a status. The element changes with every letter that is typed, so it is read out only when
 * somebody goes there; what people have to know at once is announced.
 *
 * @param {HTMLElement} element with role status, which is not live
 */
export function statusIn(element) {
  let last = "opening";
  let wasOffline = false;
  return (status) => {
    if (status === last) return;
    text(element, WORDS[status]);
    element.dataset.status = status;
    if (status === "offline") wasOffline = true;
    if (status === "saved" && wasOffline) {
      wasOffline = false;
      announce("Connected again. Everything is saved.");
    }
    if (status === "reading" && last !== "opening") announce("You can only read this document now.");
    last = status;
  };
}
