// The list of documents.

import { byId } from "../shared/dom.js";
import { ask, connect, watchConnection } from "../shared/connection.js";
import { enter } from "../shared/enter.js";
import { onSubmit } from "../shared/form.js";
import { announce } from "../shared/announce.js";
import { Documents } from "./documents.js";
import { follow } from "./follow.js";
import { ListView } from "./view.js";
import { showOnline } from "./online.js";

const me = await enter();
const socket = connect();
const documents = new Documents(me);
const view = new ListView(byId("list"), { me, documents, ask: (event, payload) => ask(socket, event, payload) });

follow(socket, documents, view);
showOnline(socket, byId("online"), me);
showAway();

onSubmit(
  byId("create"),
  async ({ title }) => {
    const line = await ask(socket, "create", { title: title.trim() });
    byId("create").reset();
    documents.put(line);
    view.focus(line.id);
    announce(`“${line.title}” was created.`);
  },
  { invalid_title: { field: "title" } },
);

/** Says so where the connection is lost for longer than it takes to look up. */
function showAway() {
  let timer;
  watchConnection((state) => {
    clearTimeout(timer);
    if (state === "connected") byId("away").hidden = true;
    else timer = setTimeout(() => (byId("away").hidden = false), 3_000);
  });
}
