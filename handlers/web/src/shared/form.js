// Forms: sent by script, one at a time, with what went wrong in the form's `role="alert"`.

import { busy } from "./busy.js";
import { set } from "./dom.js";
import { explain } from "./explain.js";

/** What the fields say: without the blanks that phones leave behind a word, but passwords as they are. */
const valuesOf = (fields) => {
  const value = (field) => (field.autocomplete.endsWith("password") ? field.value : field.value.trim());
  return Object.fromEntries(fields.map((field) => [field.name, value(field)]));
};

/**
 * Lets a form do `send` with its fields' values by name.
 *
 * A required field that is empty is asked for by its `data-missing`. What `send` throws is told in the form's alert. `refusals`
 * may say, by the error's code, which field it is about, which then takes the focus, and how to put it.
 *
 * Call it before anything is awaited: until then the submit button is disabled, so that no browser sends the form by itself.
 *
 * @param {HTMLFormElement} form with one submit button, which is disabled, and one element with role alert
 * @param {(values: Record<string, string>) => Promise<any>} send
 * @param {Record<string, {field?: string, sentence?: string}>} [refusals]
 */
export function onSubmit(form, send, refusals = {}) {
  const button = form.querySelector("[type=submit]");
  const alert = form.querySelector("[role=alert]");
  const fields = [...form.elements].filter((element) => element.matches("input, select, textarea"));
  form.noValidate = true;
  button.disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(button, submit);
  });
  for (const field of fields) field.addEventListener("input", () => mark(field, false));

  async function submit() {
    tell("");
    fields.forEach((field) => mark(field, false));
    const missing = fields.find((field) => field.required && !field.value.trim());
    if (missing) return tell(missing.dataset.missing, missing);
    try {
      await send(valuesOf(fields));
    } catch (error) {
      const { field, sentence } = refusals[error.code] ?? {};
      tell(sentence ?? explain(error), fields.find(({ name }) => name === field));
    }
  }

  function tell(sentence, field) {
    alert.textContent = sentence;
    if (!field) return;
    mark(field, true);
    field.focus();
    field.select?.();
  }

  function mark(field, isWrong) {
    const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== alert.id);
    set(field, "aria-invalid", isWrong && "true");
    set(field, "aria-describedby", [...others, ...(isWrong ? [alert.id] : [])].join(" ") || null);
  }
}
