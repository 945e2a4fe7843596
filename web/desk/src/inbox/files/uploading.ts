import { ProblemError } from "@baton/client/http";
import { LARGEST_FILE, MOST_FILES, mayRetry, upload } from "@baton/client/upload";
import { codeOf, csrfToken, wordsOf } from "../../lib/api";
import { randomId } from "../../lib/id";
import type { Trays, Upload } from "../../live/trays";
import { fileTexts as t } from "./fileTexts";

/** Puts files into a tray and uploads each of them at once. */
export function addFiles(trays: Trays, tray: string, conversation: string, files: readonly File[]): void {
  const room = Math.max(0, MOST_FILES - trays.of(tray).get().length);
  for (const [index, file] of files.entries()) {
    const refused = index >= room ? t.tooMany : file.size > LARGEST_FILE ? t.tooLarge : null;
    begin(trays, tray, conversation, file, refused);
    // One line says that there are too many; the rest is not listed.
    if (index >= room) break;
  }
}

function begin(trays: Trays, tray: string, conversation: string, file: File, refused: string | null): void {
  const key = randomId();
  const preview = !refused && file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
  let running = new AbortController();
  const change = (state: Upload["state"]) =>
    trays.of(tray).update((all) => all.map((one) => (one.key === key ? { ...one, state } : one)));

  const send = () => {
    running = new AbortController();
    change({ is: "sending", part: 0 });
    upload({
      url: `/api/v2/conversations/${conversation}/files`,
      headers: { "X-CSRF-Token": csrfToken() },
      file,
      key,
      progress: (part) => change({ is: "sending", part }),
      signal: running.signal,
    }).then(
      (made) => change({ is: "there", file: made }),
      (error: unknown) => change({ is: "failed", words: wordsFor(error), again: again(error, send) }),
    );
  };

  trays.of(tray).update((all) => [
    ...all,
    {
      key,
      name: file.name,
      bytes: file.size,
      preview,
      state: refused ? { is: "failed", words: refused, again: null } : { is: "sending", part: 0 },
      drop() {
        running.abort();
        if (preview) URL.revokeObjectURL(preview);
      },
    },
  ]);
  if (!refused) send();
}

/** The server knows best what is wrong with a file. */
function wordsFor(error: unknown): string {
  if (codeOf(error) === "unsupported_image" && error instanceof ProblemError) {
    return error.problem.detail ?? wordsOf(error);
  }
  return codeOf(error) === "too_large" ? t.tooLarge : wordsOf(error);
}

function again(error: unknown, send: () => void): (() => void) | null {
  return mayRetry(codeOf(error)) ? send : null;
}
