/**
 * Builds what the server embeds:
 *
 * - dist/widget-assets/*: the chat, its languages, its rare parts and the share page's start, named after their contents
 * - dist/share.html: the share page
 * - dist/rehearsal.html: the visitor's side of a rehearsal, for a frame of the desk
 * - dist/widget.js: the loader, which knows the name of the chat bundle
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "lightningcss";
import { build } from "rolldown";
import { minify } from "terser";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");

/** The short names of custom properties, the same in the chat's sheet and in those of its parts. */
const properties = [];
const shortName = (name) => {
  if (!properties.includes(name)) properties.push(name);
  return `--${properties.indexOf(name).toString(36)}`;
};
/** A style sheet, minified. Its custom properties get short names, except those that the chat sets. */
const styleSheet = (filename) =>
  bundle({ filename, minify: true })
    .code.toString()
    .replace(/--(?!brand)[a-z][\w-]*/g, shortName);

/** A style sheet becomes its own text: the chat adopts it, because a strict CSP allows no `style` element. */
const styleText = {
  name: "style-text",
  resolveId: (source, importer) =>
    source.endsWith(".css?inline") ? join(dirname(importer), source.replace("?inline", "")) : null,
  load: (id) =>
    id.endsWith(".css")
      ? { code: `export default ${JSON.stringify(styleSheet(id))}`, moduleType: "js" }
      : null,
};

/**
 * Names of texts that the chat says as they are, not by the name of something: the catalogues and the chat are built
 * apart, so each of these has one short name in all of them.
 */
const TEXT_NAMES = [
  "closeChat chatTitle messageBox sendIt talkToPerson goOn endChat youName assistantName talkingWith",
  "isWriting onItsWay notSent tryAgain seenMark youAreOffline reconnecting unsent1 unsent newMessages sourceName wasDeleted",
].flatMap((names) => names.split(" "));
/** In the form of the minifier's own memory; fresh for each run, which would add to it. */
const textNames = () => ({
  props: {
    props: Object.fromEntries(TEXT_NAMES.map((name, index) => [`$${name}`, `$${index.toString(36)}`])),
  },
});

/**
 * Names that the chat uses with itself only: neither the server, nor the page, nor the other bundles know them, so
 * they may become shorter, also where the DOM has the same name for something of its own: none of these is taken from
 * an object of the page. Private names are among them by their nature.
 */
const INTERNAL = new RegExp(
  `^(#.*|${[
    ...TEXT_NAMES,
    "transcript newestTurn closedTurn staffRead settled running delivery exclusive subscribeAll unfinished redraw",
    "opened scrolled behind toEnd pending draws dayOf gap asked draft notice typing load bot view face entry props mark author under",
    "element visible signIn retry wake resume follow forget note storage newId look marks ordered items content followed answered reached",
    "answer people strong facts sendText seen attached",
  ]
    .join(" ")
    .replaceAll(" ", "|")})$`,
);

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
        unsafe_comps: true,
        keep_fargs: false,
      },
      mangle: { properties: { regex: INTERNAL, builtins: true } },
      nameCache: textNames(),
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

const sourceOf = (name) => join(root, "src", name.includes(".") ? name : `${name}.ts`);

/** Builds modules for themselves, each under its own name. */
const modules = async (names, entryFileNames, define = {}, format = "es") => {
  const built = await build({
    ...common,
    input: Object.fromEntries(names.map((name) => [parse(name).name, sourceOf(name)])),
    transform: { ...common.transform, define },
    output: { dir: dist, format, minify: false, entryFileNames },
  });
  return built.output;
};

/** One name for all files of a kind, from everything that goes into them: the chat then says it with a few bytes. */
const nameOf = (files) => {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 8);
};
const sources = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const texts = ["en", "ar", "de", "es", "fr"].map((name) => `text/${name}`);
const textsName = nameOf(texts.map((name) => join(root, `src/${name}.ts`)));
await modules(texts, `widget-assets/[name]-${textsName}.js`);

// The chat's sheet has every token: it gives them their short names before a part uses one.
styleSheet(join(root, "src/styles/index.css"));
const parts = [
  "closed.tsx",
  "files.tsx",
  "ghost.ts",
  "host.ts",
  "rating.tsx",
  "source.tsx",
  "stream.ts",
  "waiting.tsx",
];
const partsName = nameOf([...sources(join(root, "src")), ...sources(join(root, "../client/src"))]);
for (const part of parts) await modules([`parts/${part}`], `widget-assets/[name]-${partsName}.js`);

const hashed = "widget-assets/[name]-[hash].js";
const [{ fileName: chat }] = await modules(["chat"], hashed, {
  TEXTS_NAME: JSON.stringify(textsName),
  PARTS_NAME: JSON.stringify(partsName),
});
const path = { CHAT_PATH: JSON.stringify(`/${chat}`) };
const [{ fileName: share }] = await modules(["share"], hashed, path);
const [{ fileName: rehearsal }] = await modules(["rehearsal"], hashed, path);
await modules(["loader"], "widget.js", path, "iife");

const page = readFileSync(join(root, "share.html"), "utf8").replaceAll("%CHAT%", `/${chat}`);
for (const [name, start] of Object.entries({ share, rehearsal })) {
  writeFileSync(join(dist, `${name}.html`), page.replaceAll("%START%", `/${start}`));
}
