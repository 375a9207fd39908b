// Icons: the drawings of src/icons, which take the colour of the text around them.

const parser = new DOMParser();
const drawings = new Map();

/** An element of a drawing: `import users from "../icons/users.svg"`, `icon(users)`. Screen readers pass it over. */
export function icon(drawing) {
  if (!drawings.has(drawing)) drawings.set(drawing, parser.parseFromString(drawing, "image/svg+xml").documentElement);
  return document.importNode(drawings.get(drawing), true);
}
