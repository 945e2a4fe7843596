/**
 * Parts of the chat that most visitors never need: each is a file of its own that comes when it is wanted. They are
 * built apart from the chat and know none of its shortened names, so nothing but plain values goes to them.
 */

/** The parts by name. */
export interface Parts {
  closed: typeof import("./closed.tsx");
  files: typeof import("./files.tsx");
  ghost: typeof import("./ghost.ts");
  host: typeof import("./host.ts");
  rating: typeof import("./rating.tsx");
  source: typeof import("./source.tsx");
  stream: typeof import("./stream.ts");
  waiting: typeof import("./waiting.tsx");
}

/** The build gives all parts one name: `./PART-HASH.js`. */
declare const PARTS_NAME: string;

/** Browsers remember that a file did not come: the next try names another address of the same file. */
let again = "";

/** Fetches a part; a second time it is there already. */
export const loadPart = <Name extends keyof Parts>(name: Name): Promise<Parts[Name]> =>
  import(/* @vite-ignore */ `./${name}-${PARTS_NAME}.js${again}`).catch((error) => {
    again += "?";
    throw error;
  });
