import type { ConnectionState } from "@baton/client/connection";
import { Outbox, type Outgoing } from "@baton/client/outbox";
import { browserEnv, createDeskConnection, type DeskConnection } from "@baton/client/protocols";
import type { DeskAction, DeskServerFrame } from "@baton/client/types";
import { Store } from "../lib/store";

/** The answer to something that was sent. */
export type Settled = { entry: Outgoing<DeskAction>; frame: DeskServerFrame };

/** The desk's one connection, and everybody in the page who listens to it. */
export class Link {
  /** Where the connection stands. */
  readonly state = new Store<ConnectionState>({ status: "idle" });
  readonly connection: DeskConnection;
  readonly outbox: Outbox<DeskAction>;
  readonly #frames = new Set<(frame: DeskServerFrame) => void>();
  readonly #settled = new Set<(settled: Settled) => void>();

  /** `person` keeps texts of different people on one device apart. */
  constructor(person: string) {
    this.outbox = new Outbox<DeskAction>(storage(), `baton.out.${person}.`);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.connection = createDeskConnection(
      browserEnv(`${scheme}://${location.host}/api/v2/socket?as=desk`),
      this.outbox,
      {
        state: (state) => this.state.set(state),
        frame: (frame) => {
          for (const listener of [...this.#frames]) listener(frame);
        },
        settled: (entry, frame) => {
          for (const listener of [...this.#settled]) listener({ entry, frame });
        },
      },
    );
  }

  /** Hears every frame until the result is called. */
  onFrame(listener: (frame: DeskServerFrame) => void): () => void {
    this.#frames.add(listener);
    return () => {
      this.#frames.delete(listener);
    };
  }

  /** Hears what became of everything that was sent. */
  onSettled(listener: (settled: Settled) => void): () => void {
    this.#settled.add(listener);
    return () => {
      this.#settled.delete(listener);
    };
  }

  /** Connects, and does not wait longer than needed when the network or the page comes back. */
  start(): () => void {
    const wake = () => this.connection.wake();
    const shown = () => {
      if (document.visibilityState === "visible") wake();
    };
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", shown);
    this.connection.start();
    return () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", shown);
      this.connection.stop();
    };
  }
}

function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
