/**
 * Builds what the server embeds:
 *
 * - dist/widget-assets/*: the chat, its languages and the share page's start, named after their contents
 * - dist/share.html: the share page
 * - dist/widget.js: the loader, which knows the name of the chat bundle
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "lightningcss";
import { build } from "rolldown";
import { minify } from "terser";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");

/**
 * A style sheet becomes its own minified text: the chat adopts it, because a strict CSP allows no `style` element.
 * Its custom properties get short names, except those that the chat sets.
 */
const styleText = {
  name: "style-text",
  resolveId: (source, importer) =>
    source.endsWith(".css?inline") ? join(dirname(importer), source.replace("?inline", "")) : null,
  load(id) {
    if (!id.endsWith(".css")) return null;
    const text = bundle({ filename: id, minify: true }).code.toString();
    const names = [...new Set(text.match(/--(?!brand)[a-z][\w-]*/g))];
    const short = text.replace(/--(?!brand)[a-z][\w-]*/g, (name) => `--${names.indexOf(name).toString(36)}`);
    return { code: `export default ${JSON.stringify(short)}`, moduleType: "js" };
  },
};

/**
 * Names that the chat uses with itself only: neither the server, nor the page, nor the other bundles know them, so
 * they may become shorter. Private names are among them by their nature.
 */
const INTERNAL =
  /^(#.*|transcript|newestTurn|closedTurn|staffRead|settled|running|delivery|exclusive|openSocket|subscribeAll|unfinished|redraw|opened|scrolled|behind|toEnd|pending)$/;

/** A little smaller than the bundler's own minifier makes it. */
const small = {
  name: "small",
  renderChunk: (code, _chunk, { format }) =>
    minify(code, {
      module: format === "es",
      ecma: 2022,
      compress: {
        passes: 4,
        unsafe_arrows: true,
        unsafe_methods: true,
        pure_getters: true,
        keep_fargs: false,
      },
      mangle: { properties: { regex: INTERNAL } },
    }),
};

const common = {
  cwd: root,
  tsconfig: join(root, "tsconfig.json"),
  plugins: [styleText, small],
  transform: { target: "es2022" },
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

/** Builds modules for themselves, each under its own name. */
const modules = async (names, entryFileNames, define = {}, format = "es") => {
  const built = await build({
    ...common,
    input: Object.fromEntries(names.map((name) => [basename(name), join(root, `src/${name}.ts`)])),
    transform: { ...common.transform, define },
    output: { dir: dist, format, minify: false, entryFileNames },
  });
  return built.output;
};

// One hash for all catalogues: the chat then names them with a few bytes.
const texts = ["en", "de", "es", "fr"].map((name) => `text/${name}`);
const hash = createHash("sha256");
for (const name of texts) hash.update(readFileSync(join(root, `src/${name}.ts`)));
const textsName = hash.digest("hex").slice(0, 8);
await modules(texts, `widget-assets/[name]-${textsName}.js`);

const hashed = "widget-assets/[name]-[hash].js";
const [{ fileName: chat }] = await modules(["chat"], hashed, { TEXTS_NAME: JSON.stringify(textsName) });
const path = { CHAT_PATH: JSON.stringify(`/${chat}`) };
const [{ fileName: share }] = await modules(["share"], hashed, path);
await modules(["loader"], "widget.js", path, "iife");

const page = readFileSync(join(root, "share.html"), "utf8");
writeFileSync(
  join(dist, "share.html"),
  page.replaceAll("%CHAT%", `/${chat}`).replaceAll("%SHARE%", `/${share}`),
);
