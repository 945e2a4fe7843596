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

/** Serves the website on an address of its own until `close`. */
export async function hostPage(snippet: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(PAGE(snippet));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
