// What the browser keeps of documents: an IndexedDB database, and the service worker's copies of the pages. Small, because
// log in and log out need it, too. What is written and read is in keeper.js.

const NAME = "documents";
const VERSION = 2;
/** What the caches of the service worker begin with. */
export const CACHES = "documents-";

/** One record a document and user: `{user, id, title, role, owner}`. */
export const DOCUMENTS = "documents";
/** Updates, in the order they were made: `{user, id, update}`. */
export const UPDATES = "updates";
/** What the server is not known to have: one record a document, user and page that made changes, `{user, id, page, count}`. */
export const UNSAVED = "unsaved";
/** The index of updates by `[user, id]`. */
export const BY_DOCUMENT = "document";

let opening;

/** Deletes all of it, for all users. Pages that have a document open notice, and keep nothing more. */
export async function forgetAll() {
  await Promise.all([transaction((stores) => Object.values(stores).forEach((store) => store.clear())), forgetPages()]);
}

/** Deletes what is kept of one document. */
export async function forget(user, id) {
  await transaction((stores) => {
    stores[DOCUMENTS].delete([user, id]);
    stores[UNSAVED].delete(within(user, id));
    const found = stores[UPDATES].index(BY_DOCUMENT).getAllKeys([user, id]);
    found.onsuccess = () => found.result.forEach((key) => stores[UPDATES].delete(key));
  });
}

/** The ids of the documents of which something is kept for this user. */
export async function keptBy(user) {
  const keys = await transaction((stores) => stores[DOCUMENTS].getAllKeys(within(user)), "readonly");
  return keys.map(([, id]) => id);
}

/** The ids of this user's documents with changes that the server is not known to have, from whichever page. */
export async function unsavedBy(user) {
  const records = await transaction((stores) => stores[UNSAVED].getAll(within(user)), "readonly");
  return [...new Set(records.map(({ id }) => id))];
}

/** All keys that begin with these parts. */
export function within(...parts) {
  return IDBKeyRange.bound(parts, [...parts, []]);
}

async function forgetPages() {
  if (!("caches" in globalThis)) return;
  const names = (await caches.keys()).filter((name) => name.startsWith(CACHES));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/**
 * Runs in one transaction. `work` gets the stores and the transaction; it must not await anything.
 *
 * @returns {Promise<any>} what `work` gave, once it is written: for a request, its result
 */
export async function transaction(work, mode = "readwrite") {
  const database = await open();
  return new Promise((resolve, reject) => {
    const names = [DOCUMENTS, UPDATES, UNSAVED];
    const running = database.transaction(names, mode);
    const given = work(Object.fromEntries(names.map((name) => [name, running.objectStore(name)])), running);
    running.oncomplete = () => resolve(given instanceof IDBRequest ? given.result : given);
    running.onabort = () => reject(running.error ?? new DOMException("The transaction was given up.", "AbortError"));
  });
}

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      const database = request.result;
      if (oldVersion < 1) {
        database.createObjectStore(DOCUMENTS, { keyPath: ["user", "id"] });
        database.createObjectStore(UPDATES, { autoIncrement: true }).createIndex(BY_DOCUMENT, ["user", "id"]);
      }
      database.createObjectStore(UNSAVED, { keyPath: ["user", "id", "page"] });
    };
    request.onsuccess = () => {
      const database = request.result;
      // a later version of the pages, or the browser itself, may want it closed
      database.onversionchange = () => {
        database.close();
        opening = undefined;
      };
      database.onclose = () => (opening = undefined);
      resolve(database);
    };
    request.onerror = () => reject(request.error);
  });
  opening.catch(() => (opening = undefined));
  return opening;
}
