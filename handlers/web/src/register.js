// Create an account.

import { byId } from "./shared/dom.js";
import { onSubmit } from "./shared/form.js";
import { post } from "./shared/http.js";
import { nextPath, withNext } from "./shared/next.js";
import { showable } from "./shared/password.js";
import { goOn, remember } from "./shared/session.js";

byId("other").href = withNext("/login", nextPath());
showable(byId("password"));
onSubmit(
  byId("form"),
  async (who) => {
    await remember(await post("/auth/register", who));
    await goOn();
  },
  { name_taken: { field: "name" }, invalid_name: { field: "name" }, invalid_password: { field: "password" } },
);
