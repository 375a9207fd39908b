// Logging out. It clears what this browser keeps, so what is not saved yet is saved before, or asked about.

import { confirm } from "./dialog.js";
import { logOut } from "./session.js";
import { saveUnsaved } from "./unsaved.js";

/** How long to try to have everything saved, in milliseconds. */
const PATIENCE = 4_000;

/** Logs out, with `everywhere` from all sessions. Returns only where the user stays. Throws as `logOut` does. */
export async function leave({ everywhere = false } = {}) {
  const { length } = await saveUnsaved(PATIENCE);
  if (length === 0) return logOut({ everywhere });
  return confirm({
    title: "Log out and lose changes?",
    text: `${length === 1 ? "1 document has" : `${length} documents have`} changes that are only on this device: they could not be saved. Logging out deletes them.`,
    action: "Log out anyway",
    run: () => logOut({ everywhere }),
  });
}
