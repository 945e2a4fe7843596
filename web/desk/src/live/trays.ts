import type { FileView } from "@baton/client/types";
import { Store } from "../lib/store";

/** A file on its way into a message: it is uploaded at once and sent with the next text. */
export type Upload = {
  key: string;
  name: string;
  bytes: number;
  /** Address of the picture on this device, while there is one. */
  preview: string | null;
  state:
    | { is: "sending"; part: number }
    | { is: "there"; file: FileView }
    | { is: "failed"; words: string; again: (() => void) | null };
  /** Ends what is going on and lets go of what it holds. */
  drop(): void;
};

const NOTHING: readonly Upload[] = [];

/** What lies beside each text box: one tray for the reply and one for the note of each conversation. */
export class Trays {
  readonly #stores = new Map<string, Store<readonly Upload[]>>();

  /** The tray of a text box, by the key of its draft. */
  of(key: string): Store<readonly Upload[]> {
    let store = this.#stores.get(key);
    if (!store) {
      store = new Store(NOTHING);
      this.#stores.set(key, store);
    }
    return store;
  }

  /** Takes everything out: it was sent. */
  empty(key: string): void {
    for (const upload of this.of(key).get()) upload.drop();
    this.of(key).set(NOTHING);
  }

  /** Takes one file out. */
  remove(key: string, upload: Upload): void {
    upload.drop();
    this.of(key).update((tray) => tray.filter((one) => one.key !== upload.key));
  }

  /** Puts files back that could not be sent. */
  giveBack(key: string, files: readonly FileView[]): void {
    if (files.length === 0) return;
    const back = files.map(
      (file): Upload => ({
        key: file.id,
        name: file.name,
        bytes: file.bytes,
        preview: null,
        state: { is: "there", file },
        drop: () => undefined,
      }),
    );
    this.of(key).update((tray) => [...back, ...tray]);
  }
}

/** The files of a tray that are on the server. */
export function filesThere(tray: readonly Upload[]): FileView[] {
  return tray.flatMap((upload) => (upload.state.is === "there" ? [upload.state.file] : []));
}

/** Whether all of it can be sent now. */
export function isReady(tray: readonly Upload[]): boolean {
  return tray.every((upload) => upload.state.is === "there");
}
