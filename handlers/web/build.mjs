// Builds the pages: `npm run build` writes ../public, `npm run build -- --out DIR` writes elsewhere.
//
// Pages refer to their sources: `<script type="module" src="../src/list.js">`, `<link href="../src/styles/app.css">`. What they
// refer to is bundled, named after its content and put in /assets, and the pages refer to it there. In pages, and nowhere else,
// `<!-- part: NAME -->` is replaced by pages/parts/NAME.html and `<!-- icon: NAME -->` by src/icons/NAME.svg.
//
// The same sources give the same bytes, wherever they are built.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { licences } from "./build/licences.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { out: { type: "string", default: join(root, "../public") } } });
const out = resolve(values.out);

/** Browsers that have what the pages use: the `dialog` element, `:has()`, CSS nesting, `light-dark()`. */
const target = ["chrome123", "firefox121", "safari17.5"];

const pages = await readPages();
const { files, entries, imports, inputs } = await bundle(sourcesOf(pages));
for (const [name, html] of pages) files.set(name, Buffer.from(finish(html)));
files.set("licenses.txt", Buffer.from(await licences(root, inputs)));
files.set("service-worker.js", await serviceWorker());
await write();

/** The pages by their names, with parts and icons put in. */
async function readPages() {
  const names = (await readdir(join(root, "pages"))).filter((name) => name.endsWith(".html")).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await include(join(root, "pages", name))])));
}

async function include(path) {
  let html = (await readFile(path, "utf8")).trimEnd();
  const marks = [...html.matchAll(/([ \t]*)<!-- (part|icon): ([a-z0-9-]+) -->/g)];
  for (const [mark, indent, kind, name] of marks) {
    const file = kind === "part" ? `pages/parts/${name}.html` : `src/icons/${name}.svg`;
    const text = (await include(join(root, file))).replace(/^/gm, indent);
    html = html.replace(mark, () => text);
  }
  return html;
}

/** What pages refer to: every `../src/…` in quotes. */
function sourcesOf(pages) {
  const all = [...pages.values()].flatMap((html) => [...html.matchAll(/"\.\.\/(src\/[^"]+)"/g)].map(([, path]) => path));
  return [...new Set(all)].sort();
}

/** Bundles sources. Gives the files for /assets, the address of each source, and which bundles each of them imports. */
async function bundle(sources) {
  const bundled = sources.filter((path) => [".js", ".css"].includes(extname(path)));
  const result = await esbuild({
    entryPoints: bundled.map((path) => ({ in: path, out: nameOf(path) })),
    splitting: true,
    entryNames: "[name]-[hash]",
    chunkNames: "shared-[hash]",
    assetNames: "[name]-[hash]",
    outdir: join(root, "out"),
    loader: { ".svg": "text" },
  });
  const files = new Map(result.outputFiles.map(({ path, contents }) => [`assets/${basename(path)}`, contents]));
  const entries = new Map();
  const imports = new Map();
  for (const [path, { entryPoint, imports: imported }] of Object.entries(result.metafile.outputs)) {
    const address = `/assets/${basename(path)}`;
    if (entryPoint) entries.set(entryPoint, address);
    const needed = imported.filter(({ kind }) => kind === "import-statement");
    imports.set(address, needed.map(({ path }) => `/assets/${basename(path)}`));
  }
  for (const source of sources.filter((path) => !bundled.includes(path))) {
    const contents = await readFile(join(root, source));
    const extension = extname(source);
    const name = `assets/${basename(source, extension)}-${hash(contents)}${extension}`;
    files.set(name, contents);
    entries.set(source, `/${name}`);
  }
  return { files, entries, imports, inputs: Object.keys(result.metafile.inputs) };
}

/** `src/list/page.js` is the list's, as `src/login.js` is the log-in's. */
function nameOf(path) {
  const name = basename(path, extname(path));
  return name === "page" ? basename(dirname(path)) : name;
}

function esbuild(options) {
  return build({
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: "esm",
    target,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    write: false,
    ...options,
  });
}

/** A page with the addresses of what it refers to, and links to the modules that its scripts will ask for. */
function finish(html) {
  const scripts = new Set();
  const filled = html.replace(/"\.\.\/(src\/[^"]+)"/g, (_, source) => {
    const address = entries.get(source);
    if (extname(source) === ".js") needs(address, scripts);
    return `"${address}"`;
  });
  const preloads = [...scripts].sort().map((address) => `    <link rel="modulepreload" href="${address}">\n`);
  return `${filled.replace("  </head>", () => `${preloads.join("")}  </head>`)}\n`;
}

function needs(address, all) {
  for (const imported of imports.get(address) ?? []) {
    if (all.has(imported)) continue;
    all.add(imported);
    needs(imported, all);
  }
}

/**
 * The service worker is no asset: its address stays, so that browsers find the next one. It is told what there is:
 * `BUILT_FILES`, the addresses of all pages and assets, and `BUILT_VERSION`, which changes with any of them.
 */
async function serviceWorker() {
  const names = [...files.keys()].sort();
  const addresses = names.filter((name) => name !== "licenses.txt").map(address);
  const version = hash(names.map((name) => `${name}\0${hash(files.get(name))}`).join("\n"));
  const result = await esbuild({
    entryPoints: ["src/service-worker.js"],
    format: "iife",
    outdir: join(root, "out"),
    define: { BUILT_FILES: JSON.stringify(addresses), BUILT_VERSION: JSON.stringify(version) },
  });
  return result.outputFiles[0].contents;
}

/** `list.html` is served as /list, `index.html` as /. */
function address(name) {
  return `/${name.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, "")}`;
}

function hash(contents) {
  return createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
}

/** Writes what has changed, and removes what is no longer built. */
async function write() {
  const old = await readdir(out, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const file of old.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    if (!files.has(relative(out, path))) await rm(path);
  }
  for (const [name, contents] of files) {
    const path = join(out, name);
    const present = await readFile(path).catch(() => null);
    if (present?.equals(Buffer.from(contents))) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
  report();
}

function report() {
  const line = ([name, contents]) => `${String(contents.length).padStart(8)}  ${name}`;
  console.log([...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(line).join("\n"));
}
