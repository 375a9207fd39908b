// Carries out a test's commands. Each line on standard input is a command, each line on standard output its answer:
// {"id": 1, "do": "connect", …} is answered {"id": 1, "value": …} or {"id": 1, "error": "…"}.
// The process ends with its standard input, so that nothing outlives a test.

import { createInterface } from "node:readline";
import { decode, encode } from "./values.mjs";

const write = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** Carries out each command with the function of its name, for as long as there are commands. */
export const serve = (commands) => {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", async (line) => {
    const command = JSON.parse(line);
    try {
      const value = await commands[command.do](decode(command));
      write({ id: command.id, value: encode(value ?? null) });
    } catch (error) {
      write({ id: command.id, error: error.expected ?? String(error.stack) });
    }
  });
  lines.on("close", () => process.exit(0));
};
