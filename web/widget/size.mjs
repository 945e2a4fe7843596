/**
 * Weighs the build, gzipped, and fails when it is heavier than promised: what a page loads before the visitor
 * clicks, what comes after, including one more language, and each part that comes when it is wanted.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = join(dirname(fileURLToPath(import.meta.url)), "dist");
const assets = readdirSync(join(dist, "widget-assets")).map((name) => join("widget-assets", name));
const weigh = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
const isLanguage = (file) => /\/[a-z]{2}-[^/]+\.js$/.test(file);
const isPage = (file) => /\/share-[^/]+\.js$/.test(file);
/** Only the desk opens it. */
const isRehearsal = (file) => /\/rehearsal-[^/]+\.js$/.test(file);

const PARTS = ["closed", "files", "ghost", "host", "rating", "source", "stream", "waiting"];
/**
 * Files come with the first answer, with all that it takes to send them; the waiting room has the queue, the form for an
 * address and the chat by mail; the rating has its stars and its words: each in five languages.
 */
const LATE = { files: 5_500, rating: 2_500, waiting: 3_000 };
const partOf = (file) => PARTS.find((name) => file.startsWith(join("widget-assets", `${name}-`)));

const chat = assets.filter(
  (file) => !isLanguage(file) && !isPage(file) && !isRehearsal(file) && !partOf(file),
);
const languages = assets.filter(isLanguage).map(weigh);
const after = chat.reduce((sum, file) => sum + weigh(file), 0) + Math.max(0, ...languages);

const budgets = [
  { what: "before the click (widget.js)", bytes: weigh("widget.js"), limit: 2_000 },
  { what: "after the click (chat and one language)", bytes: after, limit: 15_000 },
  {
    what: "the share page's own start",
    bytes: assets.filter(isPage).reduce((sum, file) => sum + weigh(file), 0),
    limit: 1_000,
  },
  {
    what: "the start of a rehearsal",
    bytes: assets.filter(isRehearsal).reduce((sum, file) => sum + weigh(file), 0),
    limit: 1_500,
  },
  ...assets.filter(partOf).map((file) => ({
    what: `a late part (${partOf(file)})`,
    bytes: weigh(file),
    limit: LATE[partOf(file)] ?? 2_000,
  })),
];
for (const { what, bytes, limit } of budgets) {
  process.stdout.write(`${bytes > limit ? "TOO HEAVY" : "ok"}  ${bytes} of ${limit} bytes gz  ${what}\n`);
}
if (chat.length === 0 || budgets.some(({ bytes, limit }) => bytes > limit)) process.exitCode = 1;
