// Undo and redo of what was typed in this page, and of nothing that others typed.

import { EditorView, keymap } from "@codemirror/view";
import * as Y from "yjs";

/** What is typed within so many milliseconds is undone at once. */
const AT_ONCE = 500;

/**
 * An extension with the keys of undo and redo.
 *
 * @param {Y.Text} text
 * @param {any} origin of the Yjs transactions that can be undone
 * @returns {{undoing: import("@codemirror/state").Extension, history: Y.UndoManager}}
 */
export function undoOf(text, origin) {
  const history = new Y.UndoManager(text, { trackedOrigins: new Set([origin]), captureTimeout: AT_ONCE });
  const undo = ({ state }) => !state.readOnly && (history.undo(), true);
  const redo = ({ state }) => !state.readOnly && (history.redo(), true);
  const undoing = [
    keymap.of([
      { key: "Mod-z", run: undo, shift: redo, preventDefault: true },
      { key: "Mod-y", mac: "Mod-Shift-z", run: redo, preventDefault: true },
    ]),
    // menus, and gestures on phones
    EditorView.domEventHandlers({
      beforeinput(event, view) {
        const command = { historyUndo: undo, historyRedo: redo }[event.inputType];
        if (!command) return false;
        event.preventDefault();
        return command(view);
      },
    }),
  ];
  return { undoing, history };
}
