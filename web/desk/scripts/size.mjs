// Measures what a browser loads before the inbox can be used: the entry, everything it imports at once, and their
// styles. Fails above the budget. Needs a build.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 180;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const files = new Set(["index.html", "theme.js"]);
const visit = (name) => {
  const chunk = manifest[name];
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const style of chunk.css ?? []) files.add(style);
  for (const imported of chunk.imports ?? []) visit(imported);
};
visit("index.html");

let total = 0;
for (const file of files) {
  const size = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
  total += size;
  process.stdout.write(`${(size / 1000).toFixed(1).padStart(7)} kB  ${file}\n`);
}
const kb = total / 1000;
process.stdout.write(
  `${kb.toFixed(1).padStart(7)} kB  first load of sign-in and inbox (at most ${BUDGET_KB} kB, gzip)\n`,
);
process.exit(kb <= BUDGET_KB ? 0 : 1);
