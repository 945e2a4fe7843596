/**
 * Builds what the server embeds:
 *
 * - dist/widget-assets/*: the chat, its languages and the share page's start, named after their contents
 * - dist/share.html: the share page
 * - dist/widget.js: the loader, which knows the name of the chat bundle
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "lightningcss";
import { build } from "rolldown";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");

/** A style sheet becomes its own minified text: the chat adopts it, because a strict CSP allows no `style` element. */
const styleText = {
  name: "style-text",
  resolveId: (source, importer) =>
    source.endsWith(".css?inline") ? join(dirname(importer), source.replace("?inline", "")) : null,
  load(id) {
    if (!id.endsWith(".css")) return null;
    const { code } = transform({ filename: id, code: readFileSync(id), minify: true });
    return { code: `export default ${JSON.stringify(code.toString())}`, moduleType: "js" };
  },
};

const common = {
  cwd: root,
  tsconfig: join(root, "tsconfig.json"),
  plugins: [styleText],
  transform: { target: "es2022" },
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

const built = await build({
  ...common,
  input: { chat: join(root, "src/chat.ts"), share: join(root, "src/share.ts") },
  preserveEntrySignatures: "exports-only",
  output: {
    dir: dist,
    format: "es",
    minify: true,
    entryFileNames: "widget-assets/[name]-[hash].js",
    chunkFileNames: "widget-assets/[name]-[hash].js",
  },
});

const pathOf = (name) => {
  const chunk = built.output.find((one) => one.type === "chunk" && one.isEntry && one.name === name);
  if (!chunk) throw new Error(`the build made no ${name}`);
  return `/${chunk.fileName}`;
};

await build({
  ...common,
  input: join(root, "src/loader.ts"),
  transform: { ...common.transform, define: { CHAT_PATH: JSON.stringify(pathOf("chat")) } },
  output: { file: join(dist, "widget.js"), format: "iife", minify: true },
});

const page = readFileSync(join(root, "share.html"), "utf8");
writeFileSync(
  join(dist, "share.html"),
  page.replaceAll("%CHAT%", pathOf("chat")).replaceAll("%SHARE%", pathOf("share")),
);
