/**
 * Uploads of files: with progress, which `fetch` does not tell, and an end at any moment.
 */
import { ProblemError } from "./problem.ts";
import type { FileView, Problem } from "./types.ts";

/** Largest file that the server takes, in bytes. */
export const LARGEST_FILE = 10 * 1024 * 1024;
/** Most files in one message. */
export const MOST_FILES = 10;
/** What a chooser of files offers. Named one by one, phones turn their own kinds of pictures into one of these. */
export const ACCEPTED = [
  "image/png,image/jpeg,image/webp,image/gif,application/pdf,text/plain,text/csv",
  ".docx,.xlsx,.pptx,.txt,.log,.md,.csv",
].join();

/** Longest time of an upload, in milliseconds: that of the server. */
const TIMEOUT_MS = 300_000;

/** What is uploaded, and where to. */
export interface Uploading {
  /** Address of the call, without the name. */
  url: string;
  headers: Record<string, string>;
  file: File;
  /** The same for every try: what has arrived is not stored twice. */
  key: string;
  /** Told how much is on its way, from 0 to 1. */
  progress(part: number): void;
  signal: AbortSignal;
}

/** Uploads a file. Fails with a `ProblemError`; never comes back when it was ended by its signal. */
export function upload({ url, headers, file, key, progress, signal }: Uploading): Promise<FileView> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const fail = (code: string) => () =>
      reject(new ProblemError({ code, title: "No answer", status: call.status }));
    call.open("POST", `${url}${url.includes("?") ? "&" : "?"}name=${encodeURIComponent(file.name)}`);
    call.timeout = TIMEOUT_MS;
    for (const [name, value] of Object.entries(headers)) call.setRequestHeader(name, value);
    call.setRequestHeader("Content-Type", "application/octet-stream");
    call.setRequestHeader("Idempotency-Key", key);
    call.upload.onprogress = ({ loaded, total }) => progress(loaded / Math.max(1, total));
    call.onerror = fail("network");
    call.ontimeout = fail("timeout");
    call.onload = () => {
      const answer = parsed(call.responseText);
      if (call.status === 201 && answer) resolve(answer as FileView);
      else if (answer && "code" in answer) reject(new ProblemError(answer));
      else fail("unexpected")();
    };
    signal.addEventListener("abort", () => call.abort());
    call.send(file);
  });
}

function parsed(text: string): FileView | Problem | null {
  try {
    return JSON.parse(text) as FileView | Problem | null;
  } catch {
    return null;
  }
}

/** Whether another try of the same upload may help: the way failed, not the file. */
export function mayRetry(code: string): boolean {
  return ["network", "timeout", "unexpected", "unavailable", "rate_limited", "upload_broken"].includes(code);
}

/** The files that a paste or a drop brings. */
export function filesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])];
}

/** A size for people, like `1.2 MB`. */
export function sizeOf(bytes: number, tag?: string): string {
  const [value, unit] = bytes < 1e6 ? [Math.max(1, bytes / 1e3), "kilobyte"] : [bytes / 1e6, "megabyte"];
  const maximumFractionDigits = unit === "megabyte" && value < 10 ? 1 : 0;
  return value.toLocaleString(tag, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits });
}
