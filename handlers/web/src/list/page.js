// The list of documents.

import { announce } from "../shared/announce.js";
import { askSoon, connect, watchConnection } from "../shared/connection.js";
import { byId } from "../shared/dom.js";
import { enter } from "../shared/enter.js";
import { onSubmit } from "../shared/form.js";
import { saveUnsaved } from "../shared/unsaved.js";
import { Documents } from "./documents.js";
import { follow } from "./follow.js";
import { showOnline } from "./online.js";
import { ListView } from "./view.js";

/** A connection that is away for less than this, in milliseconds, needs no notice. */
const PATIENCE = 3_000;
/** How long to try to save what was typed in earlier pages without a connection, in milliseconds. */
const SAVING = 60_000;

const starting = start();
onSubmit(byId("create"), create, { invalid_title: { field: "title" } });

async function start() {
  const me = await enter();
  const documents = new Documents(me);
  const view = new ListView(byId("list"), { me, documents, ask: askSoon });
  follow(connect(), me, documents, view);
  showOnline(connect(), byId("online"), me);
  showAway();
  saveWhenConnected();
  return { documents, view };
}

/** Creates a document. Its link gets the focus, so that Enter opens it. */
async function create({ title }) {
  const { documents, view } = await starting;
  const line = await askSoon("create", { title: title.trim() });
  byId("create").reset();
  documents.put(line);
  view.focus(line.id);
  announce(`“${line.title}” was created.`);
}

/** Says where the connection is lost for a while that what shows may be old. Who is online nobody knows then. */
function showAway() {
  let timer;
  const show = (isAway) => {
    byId("away").hidden = !isAway;
    byId("online-people").hidden = isAway;
  };
  watchConnection((state) => {
    clearTimeout(timer);
    if (state === "connected") show(false);
    else timer = setTimeout(() => show(true), PATIENCE);
  });
}

/** What was typed without a connection, in pages that are closed, is saved without that they have to be opened again. */
function saveWhenConnected() {
  let saving;
  watchConnection((state) => {
    if (state === "connected") saving ??= saveUnsaved(SAVING).finally(() => (saving = undefined));
  });
}
