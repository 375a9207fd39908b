// The text of a Yjs document and of an editor, kept the same.
//
// Other clients may put things into the text that are no characters: formats, embedded objects, values. Each of them that
// counts as one position in Yjs is one character in the editor as well, so that positions are the same on both sides,
// whatever is in the document.

import { Annotation, EditorSelection, Transaction } from "@codemirror/state";
import { ViewPlugin } from "@codemirror/view";
import * as Y from "yjs";

/** Stands for what is no character. */
const OBJECT = "\uFFFC";
/** Stands for half a character. */
const LOST = "\uFFFD";

/** Marks transactions that bring the editor what the Yjs document has already. */
const fromDocument = Annotation.define();

/** Whether a transaction brings changes from the Yjs document: of others, or of undo. */
export const isFromDocument = (transaction) => transaction.annotation(fromDocument) !== undefined;

/**
 * An extension that binds an editor to a Y.Text. The editor has to start with `charactersOf(text)`, and "\n" as its line
 * separator. What is typed has `origin` as the origin of its Yjs transactions.
 */
export function binding(text, origin) {
  return ViewPlugin.define((view) => new Binding(view, text, origin));
}

/** The text as the editor has it: as long as the Y.Text, whatever is in it. */
export function charactersOf(text) {
  let characters = "";
  for (let item = text._start; item !== null; item = item.right) {
    if (!item.deleted && item.countable) characters += charactersOfItem(item);
  }
  return characters;
}

class Binding {
  #view;
  #text;
  #origin;

  constructor(view, text, origin) {
    this.#view = view;
    this.#text = text;
    this.#origin = origin;
    text.observe(this.#changed);
  }

  destroy() {
    this.#text.unobserve(this.#changed);
  }

  /** The editor has changed. */
  update({ transactions }) {
    for (const transaction of transactions) {
      if (transaction.docChanged && !isFromDocument(transaction)) this.#write(transaction);
    }
  }

  #write({ changes, startState }) {
    const text = this.#text;
    let isRepaired = false;
    text.doc.transact(() => {
      let shift = 0;
      changes.iterChanges((from, to, _from, _to, inserted) => {
        const change = wholeCharacters(startState.doc, from, to, inserted.toString());
        if (change.to > change.from) text.delete(change.from + shift, change.to - change.from);
        const insert = change.insert.toWellFormed(); // an update cannot carry half a character
        if (insert !== "") text.insert(change.from + shift, insert);
        isRepaired ||= insert !== change.insert;
        shift += change.insert.length - (change.to - change.from);
      });
    }, this.#origin);
    if (isRepaired) queueMicrotask(() => this.#replaceAll());
  }

  /** The Yjs document has changed. */
  #changed = (event, transaction) => {
    if (transaction.origin === this.#origin) return;
    try {
      this.#dispatch(changesOf(event, this.#view.state.doc), transaction.origin instanceof Y.UndoManager);
    } catch (error) {
      console.error("The editor is brought up to date anew.", error);
    }
    if (this.#view.state.doc.length !== this.#text.length) this.#replaceAll();
  };

  #dispatch(changes, isUndo) {
    if (changes.length === 0) return;
    const { state } = this.#view;
    this.#view.dispatch({
      changes,
      selection: isUndo ? endOf(state.changes(changes)) : undefined,
      scrollIntoView: isUndo,
      filter: false, // it is in the document, whatever one may write
      annotations: [fromDocument.of(true), Transaction.remote.of(!isUndo)],
    });
  }

  #replaceAll() {
    const old = this.#view.state.doc.toString();
    const now = charactersOf(this.#text);
    const most = Math.min(old.length, now.length);
    let from = 0;
    while (from < most && old[from] === now[from]) from += 1;
    let end = 0;
    while (end < most - from && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
    this.#dispatch([{ from, to: old.length - end, insert: now.slice(from, now.length - end) }], false);
  }
}

/** What an event of a Y.Text means for the editor, in positions of the text before it, which is `doc`. */
function changesOf(event, doc) {
  const changes = [];
  let position = 0;
  for (let item = event.target._start; item !== null; item = item.right) {
    if (!item.countable) continue;
    const isNew = event.adds(item);
    const end = position + item.length;
    if (item.deleted) {
      if (isNew || !event.deletes(item)) continue;
      changes.push({ from: position, to: end });
      position = end;
    } else if (isNew) {
      changes.push({ from: position, insert: charactersOfItem(item) });
    } else {
      changes.push(...lostHalves(item, doc, position, end));
      position = end;
    }
  }
  return changes;
}

/** Where somebody cuts a character of two code units in two, Yjs replaces its halves, and tells nobody. */
function lostHalves({ content }, doc, start, end) {
  if (!(content instanceof Y.ContentString)) return [];
  const edges = end - start > 1 ? [start, end - 1] : [start];
  return edges
    .filter((at) => content.str[at - start] === LOST && doc.sliceString(at, at + 1) !== LOST)
    .map((at) => ({ from: at, to: at + 1, insert: LOST }));
}

function charactersOfItem(item) {
  return item.content instanceof Y.ContentString ? item.content.str : OBJECT.repeat(item.length);
}

/**
 * A change that takes characters of two code units as a whole: Yjs replaces the halves of what is cut in two.
 */
function wholeCharacters(doc, from, to, insert) {
  const isWithin = (position) =>
    position > 0 && position < doc.length && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(doc.sliceString(position - 1, position + 1));
  if (isWithin(from)) {
    from -= 1;
    insert = doc.sliceString(from, from + 1) + insert;
  }
  if (isWithin(to)) {
    insert += doc.sliceString(to, to + 1);
    to += 1;
  }
  return { from, to, insert };
}

/** A selection behind the last change. */
function endOf(changes) {
  let end = 0;
  changes.iterChangedRanges((_from, _to, _newFrom, newTo) => (end = newTo));
  return EditorSelection.cursor(end);
}
