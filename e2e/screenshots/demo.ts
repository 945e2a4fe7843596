import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rest } from "../support/rest.ts";
import { run, Server } from "../support/server.ts";
import { discard } from "../support/template.ts";

/** What `baton demo` prints. */
interface Printed {
  email: string;
  password: string;
  chatbot_uuid: string;
  chatbot_name: string;
  share_url: string;
  api_key: string;
}

/** The demo workspace, served. */
export interface Demo extends Printed {
  server: Server;
  rest: Rest;
  share: string;
}

/** Fills a workspace with the demo and serves it while `use` runs. */
export async function withDemo(use: (demo: Demo) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "baton-demo-"));
  const printed = JSON.parse(await run(["demo", "--data-dir", dir])) as Printed;
  const server = await Server.start(dir, { BATON_ALLOW_PRIVATE: "127.0.0.1" });
  const share = server.url + new URL(printed.share_url).pathname;
  await use({ ...printed, server, rest: new Rest(server.url, printed.api_key), share });
  await server.stop();
  await discard(dir);
}
