// The page of one document.

import * as Y from "yjs";
import { connect } from "../shared/connection.js";
import { byId } from "../shared/dom.js";
import { enter } from "../shared/enter.js";
import { isLoggingOut } from "../shared/session.js";
import { shows } from "../shared/unsaved.js";
import { ask } from "../sync/ask.js";
import { Keeper } from "../sync/keeper.js";
import { Replica } from "../sync/replica.js";
import { settled } from "../sync/rest.js";
import { Editor } from "./editor.js";
import { showGone } from "./gone.js";
import { hasKey, joinByLink } from "./join.js";
import { noticesIn } from "./notices.js";
import { Others } from "./others.js";
import { showPeople } from "./people.js";
import { ShareDialog } from "./share/dialog.js";
import { statusIn } from "./status.js";
import { Title } from "./title.js";

const id = new URLSearchParams(location.search).get("id") ?? "";
const main = byId("main");
const me = await enter();
const socket = connect();
const doc = new Y.Doc();
const text = doc.getText("text");
const keeper = await Keeper.open({ user: me.id, id, doc });
/** Why the link in the address gives no access, if that is so. Who has access without it opens the document all the same. */
let refusal = null;

if (id === "") showGone(main, "no_such_document");
else begin();

// a link to this document that is opened in this tab changes no more than the end of the address
addEventListener("hashchange", () => hasKey() && location.reload());

function begin() {
  const joining = joinByLink(socket, id).then((code) => (refusal = code));
  const replica = new Replica({ doc, socket, id, role: keeper.facts?.role, admission: joining });
  const title = new Title({
    heading: byId("title"),
    problem: byId("title-problem"),
    rename: (wanted) => ask(socket, "rename", { id, title: wanted }),
    onEnter: () => editor?.focus(),
  });
  const sharing = new ShareDialog({ socket, id, me });
  const showStatus = statusIn(byId("status"));
  const showNotices = noticesIn(byId("notices"), discard);
  let editor;
  let others;

  showPeople(socket, byId("people"), me, id);
  byId("share").addEventListener("click", () => sharing.open());
  byId("download").href = `/documents/${encodeURIComponent(id)}/text`;
  addEventListener("beforeunload", warn);

  replica.addEventListener("change", show);
  replica.addEventListener("opened", opened);
  keeper.addEventListener("change", show);
  shows({
    id,
    isUnsaved: () => replica.isUnsaved,
    settled: async (signal) => {
      await settled(replica, signal);
      await keeper.written();
    },
  });
  show();

  /** Shows what is known now: at first what this device has kept. */
  function show() {
    if (replica.status === "gone") return end();
    if (replica.status === "refused" && !editor) return showGone(main, "no_such_document"); // it is no id at all
    const facts = replica.title === undefined ? keeper.facts : replica;
    showStatus(replica.status);
    byId("unknown").hidden = facts !== null || replica.status !== "offline";
    if (facts === null) return undefined;
    if (replica.owner) keeper.describe(replica);
    if (replica.status === "saved") keeper.saved();
    title.show(facts.title, replica.mayWrite);
    showEditor();
    showNotices(replica, keeper);
    return undefined;
  }

  function showEditor() {
    if (editor) {
      editor.mayWrite = replica.mayWrite;
      return;
    }
    byId("frame").removeAttribute("aria-busy");
    byId("skeleton").remove();
    editor = new Editor({ host: byId("text"), text, mayWrite: replica.mayWrite, onSelection: () => others?.moved() });
    others = new Others({ socket, id, text, view: editor.view });
    if (text.length === 0 && replica.mayWrite && document.activeElement === document.body) editor.focus();
  }

  function opened() {
    others?.sendAgain();
    sharing.refresh();
    title.send();
  }

  /** The document is no more, or not for this user: nothing of it stays, neither here nor on the device. */
  function end() {
    removeEventListener("beforeunload", warn);
    replica.removeEventListener("change", show);
    others?.destroy();
    editor?.destroy();
    replica.destroy();
    keeper.forget();
    doc.destroy();
    const { code } = replica.outcome;
    showGone(main, code === "no_such_document" ? (refusal ?? code) : code);
  }

  /** Gives up what could not be saved, and begins with what the server has. */
  async function discard() {
    removeEventListener("beforeunload", warn);
    replica.destroy();
    await keeper.forget().catch(() => {});
    location.reload();
  }

  /** Only where something typed would be lost. */
  function warn(event) {
    if (replica.isUnsaved && (!keeper.isKeeping || keeper.isWriting) && !isLoggingOut()) event.preventDefault();
  }
}
