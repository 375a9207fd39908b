// Buttons while what they started goes on.

/**
 * Does the work, and shows that it goes on in the button. A button that is busy keeps the focus, and does nothing when it is
 * pressed again: then the answer is `undefined`.
 */
export async function busy(button, work) {
  if (isBusy(button)) return undefined;
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}

export function isBusy(button) {
  return button.getAttribute("aria-busy") === "true";
}
