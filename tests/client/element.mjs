// Elements as people and screen readers name them.

/** The one element that a list of steps leads to, each inside of the one before. */
export const element = (page, steps) => steps.reduce(step, page);

const step = (within, { role, name, label, text, selector, having }) => {
  const found = find(within, { role, name, label, text, selector });
  return (having ?? []).reduce((those, text) => those.filter({ hasText: text }), found);
};

const find = (within, { role, name, label, text, selector }) => {
  if (role !== undefined) return within.getByRole(role, name === undefined ? {} : { name, exact: true });
  if (label !== undefined) return within.getByLabel(label, { exact: true });
  if (text !== undefined) return within.getByText(text, { exact: true });
  return within.locator(selector);
};
