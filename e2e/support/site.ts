import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody's website. Pages that are not named are not there. */
export class Site {
  readonly #server: Server;
  readonly #pages = new Map<string, string>();
  /** Pages that wait until they are let go. */
  readonly #held = new Map<string, { comes: Promise<void>; go: () => void }>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Site> {
    const server = createServer(async (request, response) => {
      const path = request.url ?? "/";
      const page = site.#pages.get(path);
      await site.#held.get(path)?.comes;
      response.writeHead(page === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
      response.end(page ?? "nothing");
    });
    const site = new Site(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** A page with a title, a text and links. */
  page(path: string, title: string, text: string, links: string[] = []): void {
    const menu = links.map((link) => `<a href="${link}">${link}</a>`).join(" ");
    this.#pages.set(
      path,
      `<!doctype html><title>${title}</title><header><nav>${menu}</nav></header>
       <div class="cookie-banner">We use cookies.</div><main><h1>${title}</h1><p>${text}</p></main>`,
    );
  }

  /** Lets a page wait until {@link release}. */
  hold(path: string): void {
    let go = () => {};
    const comes = new Promise<void>((done) => {
      go = done;
    });
    this.#held.set(path, { comes, go });
  }

  release(path: string): void {
    this.#held.get(path)?.go();
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
