// axe-core looks at a page from a world of its own: the page's scripts do not see it, and the page's
// Content-Security-Policy stays in force for everything else.

import axe from "axe-core";
import { Unmet } from "./waiting.mjs";

/** Everything that axe-core finds wrong with the page, each as text. */
export const violations = async (page) => {
  const session = await page.context().newCDPSession(page);
  try {
    const { frameTree } = await session.send("Page.getFrameTree");
    const world = { frameId: frameTree.frame.id, worldName: "axe" };
    const { executionContextId } = await session.send("Page.createIsolatedWorld", world);
    const evaluate = async (expression) => {
      const options = { expression, contextId: executionContextId, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await session.send("Runtime.evaluate", options);
      if (exceptionDetails) throw new Unmet(`axe-core failed: ${exceptionDetails.exception?.description}`);
      return result.value;
    };
    await evaluate(`${axe.source}; null`);
    return (await evaluate(`axe.run(document, { preload: false, resultTypes: ["violations"] })`)).violations.map(readable);
  } finally {
    await session.detach();
  }
};

const readable = ({ id, impact, help, nodes }) => {
  const places = nodes.map(({ target, html, failureSummary }) => `  ${target.flat().join(" ")}: ${html}\n    ${failureSummary.replace(/\s*\n\s*/g, " ")}`);
  return [`${id} (${impact}): ${help}`, ...places].join("\n");
};
