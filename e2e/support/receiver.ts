import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

/** A message as it came. */
export interface Received {
  headers: Record<string, string>;
  body: string;
}

/** A server of the owner's that is told by webhooks. */
export class Receiver {
  readonly #server: Server;
  /** What it answers from now on. */
  status = 204;
  /** What it was told, in order. */
  readonly received: Received[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Receiver> {
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      receiver.received.push({ headers, body });
      response.writeHead(receiver.status, { "content-type": "text/plain" });
      response.end(receiver.status === 204 ? undefined : "the order system is down");
    });
    const receiver = new Receiver(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Whether a message is signed with a secret, as a receiver finds out that uses the specification's own library. */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
