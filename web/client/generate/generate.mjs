/**
 * Writes src/generated/schema.d.ts from docs/openapi.json.
 *
 * The generator needs an older TypeScript than the apps do, so it lives in a package of its own with its own
 * lock file, installed here at first use. `--check` writes nothing and fails when the file is out of date.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const document = join(here, "../../../docs/openapi.json");
const target = join(here, "../src/generated/schema.d.ts");
const generator = join(here, "node_modules/openapi-typescript/bin/cli.js");

function run(command, args) {
  const result = spawnSync(command, args, { cwd: here, encoding: "utf8", maxBuffer: 64 << 20 });
  if (result.status !== 0) {
    process.stderr.write(`${command} ${args.join(" ")} failed\n${result.stderr ?? ""}\n`);
    process.exit(1);
  }
  return result.stdout;
}

if (!existsSync(document)) {
  process.stderr.write(`${document} is missing: the server's tests write it\n`);
  process.exit(1);
}
if (!existsSync(generator)) run("npm", ["ci", "--no-audit", "--no-fund"]);

const generated = run(process.execPath, [generator, document]);
if (!process.argv.includes("--check")) {
  writeFileSync(target, generated);
} else if (readFileSync(target, "utf8") !== generated) {
  process.stderr.write("src/generated/schema.d.ts is out of date: run `npm run generate`\n");
  process.exit(1);
}
