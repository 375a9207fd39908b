// Log in.

import { byId } from "./shared/dom.js";
import { onSubmit } from "./shared/form.js";
import { post } from "./shared/http.js";
import { nextPath, withNext } from "./shared/next.js";
import { showable } from "./shared/password.js";
import { goOn, lastMe, me, onLogInElsewhere, remember } from "./shared/session.js";

/** Why somebody is here again, by the code of `auth:ended`. */
const ENDED = {
  expired: "Your session has expired. Log in to go on where you were.",
  logged_out: "You were logged out.",
  password_changed: "Your password was changed. Log in with the new one.",
  refresh_token_reused: "This session was ended to keep your account safe. Log in again.",
  revoked: "This session was ended. Log in again.",
  account_disabled: "This account is disabled.",
  role_lost: "What you may do has changed. Log in again.",
  policy_changed: "Who may come in here has changed. Log in again.",
  refused: "Log in again to go on.",
};

const ended = new URLSearchParams(location.search).get("ended");
if (Object.hasOwn(ENDED, ended ?? "")) {
  byId("ended").textContent = ENDED[ended];
  byId("ended").hidden = false;
}
byId("other").href = withNext("/register", nextPath());

const name = byId("name");
const password = byId("password");
showable(password);
onSubmit(
  byId("form"),
  async (who) => {
    await remember(await post("/auth/login", who));
    await goOn();
  },
  { invalid_credentials: { field: "password" } },
);

const last = lastMe();
// whoever types already keeps the focus
if (last && !name.value) {
  name.value = last.name;
  password.focus();
}
// whoever is logged in, in another tab perhaps, goes on; but who comes because the server has just said no is not asked about
onLogInElsewhere(goOn);
if ((last || ended) && !["refused", "expired"].includes(ended)) {
  const person = await me().catch(() => null);
  if (person && !person.offline) goOn();
}
