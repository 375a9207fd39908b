// Reads a Dockerfile from standard input. Prints what is wrong with it, and its instructions, as JSON.

import { readFileSync } from "node:fs";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";

const text = readFileSync(0, "utf8");
const problems = validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`);
const instructions = DockerfileParser.parse(text).getInstructions().map((instruction) => ({
  keyword: instruction.getKeyword(),
  flags: (instruction.getFlags?.() ?? []).map((flag) => `${flag.getName()}=${flag.getValue()}`),
  arguments: instruction.getExpandedArguments().map((argument) => argument.getValue()),
  text: instruction.getArgumentsContent() ?? "",
  variables: Object.fromEntries((instruction.getProperties?.() ?? []).map((property) => [property.getName(), property.getValue()])),
}));
process.stdout.write(JSON.stringify({ problems, instructions }));
