// What the browser keeps of documents.

/** Deletes all of it. */
export async function forgetAll() {}
