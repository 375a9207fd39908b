// The form that gives somebody access by their name.

import { announce } from "../../shared/announce.js";
import { h } from "../../shared/dom.js";
import { onSubmit } from "../../shared/form.js";
import { roleOptions } from "./roles.js";

/** @param {(wanted: {name: string, role: string}) => Promise<any>} add */
export function addForm(add) {
  const name = h("input", {
    class: "input",
    id: "share-name",
    name: "name",
    type: "text",
    required: true,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    "data-missing": "Say who: the name they log in with.",
  });
  const form = h(
    "form",
    { class: "share-add", autocomplete: "off", hidden: true },
    h("div", { class: "field" }, h("label", { for: "share-name" }, "Name"), name),
    h(
      "div",
      { class: "field" },
      h("label", { for: "share-role" }, "Role"),
      h("select", { class: "select", id: "share-role", name: "role" }, ...roleOptions()),
    ),
    h("button", { class: "button primary", type: "submit" }, h("span", {}, "Add")),
    h("p", { class: "problem", id: "share-problem", role: "alert" }),
  );
  onSubmit(
    form,
    async ({ name: wanted, role }) => {
      await add({ name: wanted.trim(), role });
      announce(`${wanted.trim()} was added.`);
      name.value = "";
      name.focus();
    },
    { no_such_person: { field: "name" } },
  );
  return form;
}
