// Dialogs that ask before something is done that cannot be undone.

import { busy, isBusy } from "./busy.js";
import { h } from "./dom.js";
import { explain } from "./explain.js";

/**
 * Asks, and does it where the answer is yes. Escape, a click outside and "Cancel" are a no. While it is done the dialog stays;
 * what goes wrong is told in it. The focus goes back to where it was.
 *
 * @param {object} what
 * @param {string} what.title the question
 * @param {string} what.text what it means
 * @param {string} what.action the name of the button that does it
 * @param {() => Promise<any>} what.run
 * @returns {Promise<boolean>} whether it was done
 */
export function confirm({ title, text, action, run }) {
  const problem = h("p", { class: "problem", role: "alert" });
  const cancel = h("button", { class: "button", type: "button", on: { click: () => dialog.close() } }, h("span", {}, "Cancel"));
  const yes = h("button", { class: "button danger", type: "button", on: { click: act } }, h("span", {}, action));
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "dialog-title", "aria-describedby": "dialog-text" },
    h("h2", { id: "dialog-title" }, title),
    h("p", { id: "dialog-text", class: "muted" }, text),
    problem,
    h("div", { class: "actions" }, cancel, yes),
  );
  let isDone = false;

  async function act() {
    problem.textContent = "";
    try {
      await busy(yes, run);
      isDone = true;
      dialog.close();
    } catch (error) {
      problem.textContent = explain(error);
    }
  }

  return new Promise((resolve) => {
    show(dialog, { mayClose: () => !isBusy(yes) });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(isDone);
    });
  });
}

/**
 * Opens a dialog that Escape and a click outside close, as long as the `mayClose` of its first time says so.
 *
 * @param {HTMLDialogElement} dialog with no padding outside of what is in it, or a click there would close it
 */
export function show(dialog, { mayClose = () => true } = {}) {
  if (!dialog.isConnected) {
    document.body.append(dialog);
    dialog.addEventListener("cancel", (event) => mayClose() || event.preventDefault());
    dialog.addEventListener("pointerdown", (event) => {
      if (event.target === dialog && isOutside(event, dialog) && mayClose()) dialog.close();
    });
  }
  dialog.showModal();
}

function isOutside({ clientX, clientY }, dialog) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
