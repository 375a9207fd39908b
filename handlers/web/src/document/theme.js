// How the editor looks. It lives in a shadow root, where the page's styles do not reach; their custom properties do.

import { EditorView } from "@codemirror/view";
import { COLOURS } from "../shared/avatar.js";

export const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" }, // the caret shows where one is
  ".cm-scroller": { fontFamily: "var(--font)", fontSize: "var(--text)", lineHeight: "1.75", overflow: "visible" },
  ".cm-content": { padding: "1.25rem 0 40vh", caretColor: "var(--accent)", minHeight: "60vh" },
  ".cm-line": { padding: "0" },
  ".cm-placeholder": { color: "var(--muted)" },
  ".cm-specialChar": { color: "var(--danger)" },
  "::selection": { backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)" },

  ".cursor": {
    position: "relative",
    borderLeft: "2px solid var(--person)",
    marginLeft: "-1px",
    marginRight: "-1px",
    pointerEvents: "none",
  },
  ".cursor-name": {
    position: "absolute",
    left: "-2px",
    bottom: "calc(100% - 0.25em)",
    maxWidth: "16ch",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    padding: "0 0.4em",
    borderRadius: "4px 4px 4px 0",
    backgroundColor: "var(--person)",
    color: "var(--on-person)",
    font: "600 0.6875rem/1.45 var(--font)",
    userSelect: "none",
    zIndex: "1",
  },
  ".selected": { backgroundColor: "color-mix(in srgb, var(--person) 24%, transparent)" },
  ...Object.fromEntries(
    Array.from({ length: COLOURS }, (_, colour) => [`.person-${colour}`, { "--person": `var(--person-${colour})` }]),
  ),
});
