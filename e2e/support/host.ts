import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A website that embeds the chat, with styles that would ruin it if they reached in. */
const PAGE = (snippet: string) => `<!doctype html>
<html lang="en">
  <head>
    <title>A shop</title>
    <style>
      * { all: revert; color: hotpink !important; font: 40px fantasy !important; float: right !important }
      div, button, textarea, header, main { display: none !important; transform: rotate(9deg) !important }
      baton-chat { display: none; opacity: 0; position: static; visibility: hidden }
      h1 { display: block !important }
    </style>
  </head>
  <body>
    <h1>A shop</h1>
    ${snippet}
  </body>
</html>`;

/** A website without styles of its own; its scripts are files, because its policy allows no others. */
const PLAIN = (content: string) => `<!doctype html>
<html lang="en">
  <head><title>A shop</title><script src="/own.js"></script></head>
  <body><h1>A shop</h1>${content}</body>
</html>`;

/** How strict or plain the website is. */
interface HostOptions {
  /** Its content security policy. With one it has no styles that would ruin the chat: the policy forbids them. */
  policy?: string;
  /** The script file of the website itself, which comes before everything. */
  script?: string;
  /** It stands at another name, so that what it embeds is of a third party and gets no storage. */
  elsewhere?: boolean;
}

/** Serves the website on an address of its own until `close`. */
export async function hostPage(
  content: string,
  { policy, script, elsewhere }: HostOptions = {},
): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    if (policy) response.setHeader("Content-Security-Policy", policy);
    const own = request.url === "/own.js";
    response.setHeader("Content-Type", own ? "text/javascript" : "text/html; charset=utf-8");
    const page = policy !== undefined || script !== undefined ? PLAIN(content) : PAGE(content);
    response.end(own ? (script ?? "") : page);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${elsewhere ? "localhost" : "127.0.0.1"}:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
