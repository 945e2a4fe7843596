// Measures what a browser loads before the inbox can be used: the page and everything that it names, which is the
// entry, what the entry imports at once, and their styles. Fails above the budget. Needs a build.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 180;
const dist = new URL("../dist/", import.meta.url);
const page = readFileSync(new URL("index.html", dist), "utf8");
const named = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);

let total = 0;
for (const file of ["index.html", ...new Set(named)]) {
  const size = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
  total += size;
  process.stdout.write(`${(size / 1000).toFixed(1).padStart(7)} kB  ${file}\n`);
}
const kb = total / 1000;
process.stdout.write(
  `${kb.toFixed(1).padStart(7)} kB  first load of sign-in and inbox (at most ${BUDGET_KB} kB, gzip)\n`,
);
// Browsers take a service worker as one plain script: what it shares with the pages would become an import.
const alone = !/^import\b/m.test(readFileSync(new URL("sw.js", dist), "utf8"));
if (!alone) process.stdout.write("sw.js imports a file that pages need too: it would not start\n");
process.exit(kb <= BUDGET_KB && alone ? 0 : 1);
