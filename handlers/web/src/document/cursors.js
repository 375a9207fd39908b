// Where others are in the text: a caret with their name, and what they have selected.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType } from "@codemirror/view";

/**
 * Says where the others are from now on.
 *
 * @type {import("@codemirror/state").StateEffectType<{key: string, name: string, colour: number, anchor: number, head: number}[]>}
 */
export const showCursors = StateEffect.define();

/** An extension that draws them. They move along with the text until they are shown anew. */
export const cursors = StateField.define({
  create: () => Decoration.none,
  update(drawn, { changes, effects, newDoc }) {
    const shown = effects.findLast((effect) => effect.is(showCursors));
    return shown ? draw(shown.value, newDoc.length) : drawn.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function draw(people, length) {
  const within = (position) => Math.min(position, length);
  return Decoration.set(
    people.flatMap((person) => {
      const anchor = within(person.anchor);
      const head = within(person.head);
      const caret = Decoration.widget({ widget: new Caret(person), side: 1 }).range(head);
      if (anchor === head) return [caret];
      const selected = Decoration.mark({ class: `selected person-${person.colour}` });
      return [selected.range(Math.min(anchor, head), Math.max(anchor, head)), caret];
    }),
    true,
  );
}

class Caret extends WidgetType {
  constructor({ key, name, colour }) {
    super();
    Object.assign(this, { key, name, colour });
  }

  eq(other) {
    return other.key === this.key && other.name === this.name && other.colour === this.colour;
  }

  toDOM() {
    const caret = document.createElement("span");
    caret.className = `cursor person-${this.colour}`;
    caret.setAttribute("aria-hidden", "true");
    const name = document.createElement("span");
    name.className = "cursor-name";
    name.textContent = this.name;
    caret.append(name);
    return caret;
  }

  ignoreEvent() {
    return true;
  }
}
