import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

/** The program under test. Other programs of the tests lie beside it. */
export const BINARY = resolve(process.env.BATON_BIN ?? resolve(import.meta.dirname, "../../target/debug/baton"));

/** Runs a command of `baton` to its end and gives back what it printed. */
export function run(args: string[], input = ""): Promise<string> {
  return new Promise((done, failed) => {
    const child = execFile(BINARY, args, (error, stdout, stderr) => {
      if (error) failed(new Error(`baton ${args.join(" ")}: ${stderr || error.message}`));
      else done(stdout.trim());
    });
    child.stdin?.end(input);
  });
}

/** A running `baton serve`. */
export class Server {
  readonly #dataDir: string;
  readonly #settings: Record<string, string>;
  #process: ChildProcess | null = null;
  #address = "127.0.0.1:0";
  /** What it wrote on stderr. */
  log = "";

  private constructor(dataDir: string, settings: Record<string, string>) {
    this.#dataDir = dataDir;
    this.#settings = settings;
  }

  /** Starts a server on a free port; `settings` are of its environment. */
  static async start(dataDir: string, settings: Record<string, string> = {}): Promise<Server> {
    const server = new Server(dataDir, settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://${this.#address}`;
  }

  /** Starts it (again, on the port that it had) and waits until it listens. */
  async start(): Promise<void> {
    const child = spawn(BINARY, ["serve", "--data-dir", this.#dataDir, "--listen", this.#address], {
      cwd: this.#dataDir,
      env: { ...process.env, ...this.#settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    child.stderr.on("data", (part: Buffer) => {
      this.log += part.toString();
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /^listening on http:\/\/(\S+)$/.exec(line)?.[1];
      if (address) {
        this.#address = address;
        child.stdout.resume();
        return;
      }
    }
    throw new Error(`the server did not start:\n${this.log}`);
  }

  /** SIGKILL: no chance to tidy up. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** SIGTERM: it drains and ends. */
  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}
