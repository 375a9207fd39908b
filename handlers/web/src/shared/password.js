// Password fields with a button that shows what is typed.

import { h, set } from "./dom.js";

/**
 * Puts the button behind the field, in the `.password` of the page: the field itself stays where it is, as moving it would take
 * the focus from whoever types already. The password is hidden again when its form is sent, so that no browser keeps it as text.
 */
export function showable(input) {
  const label = input.labels[0];
  label.id ||= `${input.id}-label`;
  const button = h(
    "button",
    { class: "button quiet small", type: "button", "aria-pressed": "false", "aria-describedby": label.id },
    "Show",
  );
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    set(button, "aria-pressed", String(isShown));
  };
  button.addEventListener("click", () => show(input.type === "password"));
  input.form.addEventListener("submit", () => show(false));
  input.after(button);
}
