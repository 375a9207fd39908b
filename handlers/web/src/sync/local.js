// What the browser keeps of documents: an IndexedDB database, and the service worker's copies of the pages. Small, because
// log in and log out need it, too. What is written and read is in keeper.js.

const NAME = "documents";
const VERSION = 1;
/** What the caches of the service worker begin with. */
export const CACHES = "documents-";

/** One record a document and user: `{user, id, title, role, owner}`. */
export const DOCUMENTS = "documents";
/** Updates, in the order they were made: `{user, id, update}`. */
export const UPDATES = "updates";
/** The index of updates by `[user, id]`. */
export const BY_DOCUMENT = "document";

let opening;

/** Deletes all of it, for all users. Pages that have a document open notice, and keep nothing more. */
export async function forgetAll() {
  await Promise.all([
    transaction((stores) => {
      stores[DOCUMENTS].clear();
      stores[UPDATES].clear();
    }),
    forgetPages(),
  ]);
}

/** Deletes what is kept of one document. */
export async function forget(user, id) {
  await transaction((stores) => {
    stores[DOCUMENTS].delete([user, id]);
    const found = stores[UPDATES].index(BY_DOCUMENT).getAllKeys([user, id]);
    found.onsuccess = () => found.result.forEach((key) => stores[UPDATES].delete(key));
  });
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
    const running = database.transaction([DOCUMENTS, UPDATES], mode);
    const stores = { [DOCUMENTS]: running.objectStore(DOCUMENTS), [UPDATES]: running.objectStore(UPDATES) };
    const given = work(stores, running);
    running.oncomplete = () => resolve(given instanceof IDBRequest ? given.result : given);
    running.onabort = () => reject(running.error ?? new DOMException("The transaction was given up.", "AbortError"));
  });
}

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(DOCUMENTS, { keyPath: ["user", "id"] });
      request.result.createObjectStore(UPDATES, { autoIncrement: true }).createIndex(BY_DOCUMENT, ["user", "id"]);
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
