import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the provider treats a call. */
export type Answer = (body: { messages: { role: string; content: string }[] }, response: ServerResponse) => void;

/** A server that speaks like OpenAI and says what the test wants. */
export class Provider {
  readonly #server: Server;
  /** What it does from now on. */
  answer: Answer = says("Hello.");
  /** The keys that it was called with, in order. */
  readonly keys: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Provider> {
    const server = createServer((request, response) => void provider.#call(request, response));
    const provider = new Provider(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.keys.push(request.headers.authorization ?? "");
    let body = "";
    for await (const part of request) body += part;
    this.answer(JSON.parse(body), response);
  }
}

const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const END = `data: ${JSON.stringify({
  choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
  usage: { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 },
})}\n\ndata: [DONE]\n\n`;

/** Answers with this text, word by word. */
export function says(text: string): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const word of text.split(/(?<= )/)) response.write(delta(word));
    response.end(END);
  };
}

/** Says the first part, and the second when the test says so. */
export function saysInTwo(first: string, second: string): { answer: Answer; end: () => void } {
  let end = (): void => {};
  const ended = new Promise<void>((done) => {
    end = done;
  });
  const answer: Answer = (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(delta(first));
    void ended.then(() => response.end(delta(second) + END));
  };
  return { answer, end };
}

/** Says this and then neither more nor that it has ended. */
export function hangsAfter(text: string): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(delta(text));
  };
}

/** Refuses the call. */
export function refuses(status: number, message: string): Answer {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message } }));
  };
}
