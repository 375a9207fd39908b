// The account: sessions, password, log out.

import { avatar } from "../shared/avatar.js";
import { busy } from "../shared/busy.js";
import { byId } from "../shared/dom.js";
import { enter } from "../shared/enter.js";
import { explain } from "../shared/explain.js";
import { onSubmit } from "../shared/form.js";
import { post } from "../shared/http.js";
import { leave } from "../shared/leave.js";
import { lastMe } from "../shared/session.js";
import { toast } from "../shared/toast.js";
import { showSessions } from "./sessions.js";

let refreshSessions = async () => {};

onSubmit(
  byId("password-form"),
  async ({ password, new_password }) => {
    await post("/auth/password", { password, new_password });
    byId("password-form").reset();
    toast("Your password is changed. All other sessions have ended.");
    await refreshSessions();
  },
  {
    invalid_credentials: { field: "password", sentence: "The present password is wrong." },
    invalid_password: { field: "new_password" },
  },
);
onLeave("log-out", {});
onLeave("log-out-everywhere", { everywhere: true });

const last = lastMe();
if (last) showName(last);
showName(await enter());
refreshSessions = showSessions(byId("sessions"), byId("sessions-problem"));

function onLeave(id, how) {
  const problem = byId("leave-problem");
  byId(id).addEventListener("click", ({ currentTarget }) => {
    problem.textContent = "";
    busy(currentTarget, () => leave(how)).catch((error) => (problem.textContent = explain(error)));
  });
}

function showName(person) {
  const circle = avatar(person, "large");
  circle.id = "avatar";
  byId("avatar").replaceWith(circle);
  byId("name").textContent = person.name;
  byId("username").value = person.name;
}
