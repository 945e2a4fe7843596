import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, resolve } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { BINARY } from "./server.ts";

/** The server of `crates/testkit/src/bin/staged.rs`: a whole one, whose time stands at the test's command. */
export class Staged {
  readonly url: string;
  readonly chatbot: string;
  /** The owner's API key. */
  readonly key: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: ChildProcess, lines: AsyncIterator<string>, facts: Record<string, string>) {
    this.#process = process;
    this.#lines = lines;
    this.url = facts.url ?? "";
    this.chatbot = facts.chatbot ?? "";
    this.key = facts.key ?? "";
  }

  static async start(): Promise<Staged> {
    const child = spawn(resolve(dirname(BINARY), "staged"), { stdio: ["pipe", "pipe", "inherit"] });
    const lines: Interface = createInterface({ input: child.stdout });
    const all = lines[Symbol.asyncIterator]();
    const { value } = await all.next();
    if (!value) throw new Error("the server did not start");
    return new Staged(child, all, JSON.parse(value) as Record<string, string>);
  }

  /** Puts the server's time forward. */
  async advance(seconds: number): Promise<void> {
    this.#process.stdin?.write(`advance ${seconds}\n`);
    const { value } = await this.#lines.next();
    if (value !== "advanced") throw new Error(`the clock was not turned: ${value}`);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.stdin?.end();
    const [code] = await ended;
    if (code !== 0) throw new Error(`the server ended with ${code}`);
  }
}
