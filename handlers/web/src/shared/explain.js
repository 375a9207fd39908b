// What went wrong, in sentences for people.

const SENTENCES = {
  unreachable: "The server cannot be reached. Check your connection.",
  disconnected: "There is no connection to the server right now. Try again in a moment.",
  timeout: "The server took too long to answer. Look whether it worked, and try again if not.",
  overloaded: "The server is very busy. Try again in a moment.",
  unavailable: "The server cannot do this right now. Try again in a moment.",
  shutting_down: "The server is being restarted. Try again in a moment.",
  maintenance: "Documents can only be read at the moment. Try again later.",
  internal: "Something went wrong on the server. Try again.",
  invalid_credentials: "Name or password is wrong.",
  account_disabled: "This account is disabled.",
  name_taken: "This name is taken. Choose another one.",
  no_such_document: "This document does not exist, or you have no access to it.",
};

/** The sentence for an `HttpError` or `AskError`; for codes without one of their own, the server's message. */
export function explain(error) {
  if (error.code === "rate_limited") return `That was too often. ${later(error.retryAfter)}`;
  if (Object.hasOwn(SENTENCES, error.code ?? "")) return SENTENCES[error.code];
  // what is no answer of the server's is a mistake of ours, which belongs in the console
  if (!error.code) console.error(error);
  return error.code ? sentence(error.message) : "Something went wrong in this page. Load it again.";
}

/** When it may be tried again. */
function later(milliseconds) {
  if (!milliseconds) return "Try again in a moment.";
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 100) return `Try again in ${seconds === 1 ? "a second" : `${seconds} seconds`}.`;
  return `Try again in ${Math.ceil(seconds / 60)} minutes.`;
}

/** The server's messages begin small and have no full stop. */
function sentence(message) {
  const text = message.trim();
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");
}
