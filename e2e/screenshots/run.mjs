// npm run screenshots -- OUTDIR: pictures of every screen, from the demo, in three widths and two themes.
import { spawn } from "node:child_process";
import { resolve } from "node:path";

const [out] = process.argv.slice(2);
if (!out) {
  console.error("usage: npm run screenshots -- OUTDIR");
  process.exit(2);
}
const config = resolve(import.meta.dirname, "playwright.config.ts");
const env = { ...process.env, BATON_SCREENSHOTS: resolve(process.env.INIT_CWD ?? ".", out) };
const child = spawn("npx", ["playwright", "test", "--config", config], { stdio: "inherit", env });
child.on("exit", (code) => process.exit(code ?? 1));
