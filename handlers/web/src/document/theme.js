// How the editor looks. It lives in a shadow root, where the page's styles do not reach; their custom properties do.

import { EditorView } from "@codemirror/view";
import { COLOURS } from "../shared/avatar.js";

export const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" }, // the caret shows where one is; readers have none
  ".cm-content[contenteditable=false]:focus-visible": {
    outline: "2px solid var(--accent)",
    outlineOffset: "0.5rem",
    borderRadius: "2px",
  },
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
  },
  ".cursor::before": {
    content: '""',
    position: "absolute",
    left: "-4px",
    bottom: "calc(100% - 3px)",
    width: "6px",
    height: "6px",
    borderRadius: "50%",
    backgroundColor: "var(--person)",
  },
  // a caret that moves is a new one: its name shows for a while, and then gives the text free
  ".cursor-name": {
    position: "absolute",
    left: "-2px",
    bottom: "calc(100% - 1px)",
    maxWidth: "16ch",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    padding: "0 0.4em",
    borderRadius: "4px 4px 4px 0",
    backgroundColor: "var(--person)",
    color: "var(--on-person)",
    font: "600 0.625rem/1.3 var(--font)",
    userSelect: "none",
    pointerEvents: "none",
    zIndex: "1",
    animation: "cursor-name 1ms 5s forwards",
  },
  ".cursor:hover .cursor-name": { animation: "none" },
  "@keyframes cursor-name": { to: { opacity: "0" } },
  ".selected": { backgroundColor: "color-mix(in srgb, var(--person) 24%, transparent)" },
  ...Object.fromEntries(
    Array.from({ length: COLOURS }, (_, colour) => [`.person-${colour}`, { "--person": `var(--person-${colour})` }]),
  ),
});
