// The editor: CodeMirror for plain prose. It lives in a shadow root, so that its styles need no exception from the page's
// Content-Security-Policy.

import { standardKeymap } from "@codemirror/commands";
import { Compartment, EditorState, Text } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, placeholder } from "@codemirror/view";
import { binding, charactersOf } from "./binding.js";
import { cursors } from "./cursors.js";
import { theme } from "./theme.js";
import { undoOf } from "./undo.js";

/** What the caret keeps clear of when the page scrolls to it, in pixels: above it the bar, which stays in sight. */
const ROOM = { top: 88, bottom: 48 };

export class Editor {
  #access = new Compartment();
  #mayWrite = false;
  #history;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.host an empty element
   * @param {import("yjs").Text} parts.text
   * @param {boolean} parts.mayWrite
   * @param {() => void} parts.onSelection is called after the selection has changed, or the focus
   */
  constructor({ host, text, mayWrite, onSelection }) {
    const origin = {};
    const { undoing, history } = undoOf(text, origin);
    const root = host.attachShadow({ mode: "open" });
    this.#history = history;
    this.#mayWrite = mayWrite;
    /** CodeMirror's view. */
    this.view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: Text.of(charactersOf(text).split("\n")),
        extensions: [
          EditorState.lineSeparator.of("\n"), // positions are those of the Y.Text: nothing else ends a line
          EditorView.clipboardInputFilter.of(wellFormed),
          binding(text, origin),
          undoing,
          keymap.of([{ key: "Mod-s", run: () => true, preventDefault: true }]), // it saves by itself
          keymap.of(standardKeymap),
          EditorView.lineWrapping,
          EditorView.scrollMargins.of(() => ROOM),
          highlightSpecialChars(),
          cursors,
          theme,
          this.#access.of(access(mayWrite)),
          EditorView.updateListener.of((update) => {
            if (update.selectionSet || update.docChanged || update.focusChanged) onSelection();
          }),
        ],
      }),
    });
  }

  /** Whether the user may write. What others write shows in any case. */
  set mayWrite(mayWrite) {
    if (mayWrite === this.#mayWrite) return;
    this.#mayWrite = mayWrite;
    this.view.dispatch({ effects: this.#access.reconfigure(access(mayWrite)) });
    if (!mayWrite) this.#history.clear();
  }

  focus() {
    this.view.focus();
  }

  destroy() {
    this.#history.destroy();
    this.view.destroy();
  }
}

function access(mayWrite) {
  return [
    EditorState.readOnly.of(!mayWrite),
    EditorView.editable.of(mayWrite),
    // whatever tries to change the text, such as a drop: what comes from the document passes it by
    mayWrite ? [] : EditorState.changeFilter.of(() => false),
    placeholder(mayWrite ? "Write something…" : "Nothing is written here yet."),
    EditorView.contentAttributes.of({
      "aria-label": "Text",
      spellcheck: "true",
      autocapitalize: "sentences",
      autocorrect: "on",
      writingsuggestions: "true",
      ...(mayWrite ? {} : { tabindex: "0" }),
    }),
  ];
}

/** Pasted text with the line ends of the document, and without halves of characters, which no update can carry. */
function wellFormed(text) {
  return text.replace(/\r\n?/g, "\n").toWellFormed();
}
