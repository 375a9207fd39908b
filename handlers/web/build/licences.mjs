// The licences of packages whose code is in the bundles: their terms ask that they come along.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const RULE = `${"-".repeat(80)}\n`;

/** One text of all licences, in the order of the packages' names. `inputs` are the bundled files, relative to `root`. */
export async function licences(root, inputs) {
  const folders = new Set(inputs.map((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]).filter(Boolean));
  const texts = await Promise.all([...folders].sort().map((folder) => licence(join(root, folder))));
  const head = "These pages contain code of the packages below, under the licences that follow.\n";
  return [head, ...texts].join(RULE);
}

async function licence(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).sort().find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  const text = file ? (await readFile(join(folder, file), "utf8")).trim().replaceAll("\r\n", "\n") : "";
  return `${name} ${version} (${license})\n\n${text}\n`;
}
