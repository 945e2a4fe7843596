/**
 * Files and pictures, in both directions. It comes with the first answer, because a visitor may send files from then on,
 * and keeps to places of its own inside what the chat draws: at the end of a bubble, and of the row with the text box.
 */
import type { FileView, Problem, VisitorEvent, VisitorGrant } from "@baton/client/types";
import { ACCEPTED, filesOf, LARGEST_FILE, MOST_FILES, mayRetry, sizeOf, upload } from "@baton/client/upload";
import { type Child, h, patch, type VNode } from "../dom.ts";
import styles from "./files.css?inline";
import type { Call } from "./stream.ts";
import { type FilesTexts, inLanguage, files as texts } from "./text.ts";

export { styles };

/** What is needed of the chat. */
export interface FilesChat {
  readonly env: { call: Call };
  readonly grant: VisitorGrant | null;
  write(draft: string): void;
}

interface Item {
  key: string;
  file: File;
  /** How much is on its way, from 0 to 1. */
  part: number;
  /** On the server. */
  view?: FileView;
  /** Why it cannot be sent. */
  wrong?: string;
  again?: boolean;
  ends: AbortController;
}

/** An address of the server, from which this part has come. */
const url = (path: string): string => new URL(path, import.meta.url).href;
/** As the chat makes them: `crypto.randomUUID` is absent on pages without TLS. */
const newKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");
/** The largest that a picture is shown, in pixels. */
const SHOWN = { width: 260, height: 260 };
/** This close to the end of the transcript counts as being there. */
const NEAR_PX = 48;

let of: string | undefined;
let tray: Item[] = [];
/** The message is wanted: it goes as soon as all its files are there. */
let wanted = false;
let sending = false;
/** The same for every try to send the same message. */
let attempt = "";
let failed = "";
const described = new WeakMap<Element, VNode[]>();
const prepared = new WeakSet<Element>();

/** Draws into a place of one's own at the end of one that the chat draws. */
function into(place: Element, name: string, children: Child): void {
  let box = place.querySelector(`:scope > .${name}`);
  if (!box) {
    box = document.createElement("div");
    box.className = name;
    place.append(box);
  }
  described.set(box, patch(box, described.get(box) ?? [], children));
}

/** Puts files where they belong, after the chat was drawn. */
export function drawn(element: HTMLElement, chat: FilesChat, events: readonly VisitorEvent[]): void {
  const tag = element.lang;
  const t = inLanguage(texts, tag);
  const { token = "", conversation_id = "" } = chat.grant ?? {};
  if (of !== token) {
    // Somebody else is here now.
    for (const item of tray) item.ends.abort();
    [of, tray, wanted, sending, attempt, failed] = [token, [], false, false, "", ""];
  }
  const composer = element.querySelector(".composer");
  const box = composer?.querySelector("textarea");
  if (!composer || !box) return;

  const render = () => {
    const exchanged = events.some(({ kind }) => kind === "assistant_message" || kind === "human_message");
    into(composer, "tray", tray.length > 0 && list());
    into(composer, "attach", exchanged && chooser());
    const send = composer.querySelector(".send");
    if (tray.length > 0) send?.setAttribute("aria-disabled", String(!tray.every((item) => !item.wrong)));
  };

  const list = () => (
    <ul aria-label={t.tray}>
      {tray.map((item) => (
        <li key={item.key}>
          <span class="of">
            <bdi>{item.file.name}</bdi>
            {item.wrong ? (
              <span class="wrong" role="alert">
                {item.wrong}
                {item.again && (
                  <button class="link" onClick={() => start(item)}>
                    {t.again}
                  </button>
                )}
              </span>
            ) : item.view ? (
              <small>{sizeOf(item.view.bytes, tag)}</small>
            ) : (
              <progress max="1" value={item.part} aria-label={t.onWay.replace("{name}", item.file.name)} />
            )}
          </span>
          <button
            class="icon"
            aria-label={t.remove.replace("{name}", item.file.name)}
            onClick={() => {
              item.ends.abort();
              tray = tray.filter((one) => one !== item);
              attempt = "";
              render();
              box.focus();
            }}
          >
            ×
          </button>
        </li>
      ))}
      {(failed || wanted) && (
        <li class={failed && "wrong"} role={failed ? "alert" : "status"}>
          {failed || t.waits}
        </li>
      )}
    </ul>
  );

  const chooser = () => [
    <button
      class="icon"
      aria-label={t.attach}
      onClick={() => composer.querySelector<HTMLInputElement>("input")?.click()}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d="M14.5 9.3 9.6 14.2a3 3 0 0 1-4.2-4.2l5.6-5.6a2 2 0 0 1 2.8 2.8l-5.5 5.6a1 1 0 0 1-1.4-1.4l4.8-4.9" />
      </svg>
    </button>,
    <input
      type="file"
      hidden=""
      multiple=""
      accept={ACCEPTED}
      aria-label={t.attach}
      onChange={({ currentTarget }: { currentTarget: HTMLInputElement }) => {
        add([...(currentTarget.files ?? [])]);
        currentTarget.value = "";
        box.focus();
      }}
    />,
  ];

  const add = (added: readonly File[]) => {
    attempt = failed = "";
    for (const file of added.slice(0, MOST_FILES - tray.length)) {
      const item: Item = { key: newKey(), file, part: 0, ends: new AbortController() };
      tray = [...tray, item];
      if (file.size > LARGEST_FILE) item.wrong = t.tooLarge;
      else start(item);
    }
    render();
  };

  const start = (item: Item) => {
    item.ends = new AbortController();
    item.part = 0;
    item.wrong = "";
    render();
    upload({
      // The page's own word for it that it stands in a frame: see the chat's other calls.
      url: url(`/api/v2/conversations/${conversation_id}/files`) + place(element),
      headers: { Authorization: `Bearer ${token}` },
      file: item.file,
      key: item.key,
      progress: (part) => {
        item.part = part;
        render();
      },
      signal: item.ends.signal,
    })
      .then(
        (view) => {
          item.view = view;
        },
        (error: { problem?: Problem }) => {
          const code = error.problem?.code ?? "";
          item.again = mayRetry(code);
          item.wrong = item.again ? t.failed : code === "too_large" ? t.tooLarge : t.unfit;
          wanted = false;
        },
      )
      .then(() => {
        render();
        if (wanted) void send();
      });
  };

  /** One message with the words in the box and everything in the tray. */
  const send = async () => {
    if (sending || tray.some((item) => item.wrong)) return;
    failed = "";
    const there = tray.flatMap(({ view }) => view ?? []);
    wanted = there.length < tray.length;
    render();
    if (wanted) return;
    sending = true;
    attempt ||= newKey();
    const text = box.value.trim();
    try {
      const body = { client_id: attempt, text, files: there.map(({ id }) => id) };
      await chat.env.call(`/conversations/${conversation_id}/messages`, body, token);
      tray = [];
      attempt = "";
      // Whoever sends something wants to see it, and what comes after it.
      element.querySelector(".log")?.scrollTo(0, Number.MAX_SAFE_INTEGER);
      // What was written meanwhile is the next message.
      if (box.value.trim() === text) chat.write("");
    } catch (error) {
      failed = (error as { problem?: Problem }).problem?.detail ?? t.failed;
    }
    sending = false;
    render();
  };

  const wait = () => {
    wanted = false;
    render();
  };

  latest = { add, send, wait };
  if (!prepared.has(element)) {
    prepared.add(element);
    prepare(element);
  }
  const log = element.querySelector(".log");
  if (log && !prepared.has(log)) {
    prepared.add(log);
    keepEnd(log);
  }
  render();
  showFiles(element, events, t, tag);
}

/** Puts the files of messages into their bubbles. */
function showFiles(element: HTMLElement, events: readonly VisitorEvent[], t: FilesTexts, tag: string): void {
  const messages = events.filter(({ kind }) => kind.endsWith("_message"));
  if (!messages.some((one) => "files" in one)) return;
  const deleted = new Set(events.map((one) => one.kind === "text_deleted" && one.of));
  // In order: the greeting before them is none of them.
  const bubbles = element.querySelectorAll<HTMLElement>(".log .message ~ .message .bubble");
  for (const [index, event] of messages.entries()) {
    const files = ("files" in event && event.files) || [];
    const bubble = files[0] && bubbles[index];
    if (!bubble) continue;
    if (deleted.has(event.visitor_seq)) {
      bubble.querySelector(".files")?.remove();
      delete bubble.dataset.bare;
      continue;
    }
    if (!("text" in event && event.text)) bubble.dataset.bare = "";
    into(
      bubble,
      "files",
      files.map((file) => drawFile(file, t, tag)),
    );
  }
}

/** What the newest drawing knows of the chat: listeners are put on once. */
let latest: { add(files: readonly File[]): void; send(): Promise<void>; wait(): void };

/** Files to be sent take from the transcript's place: who is at its end stays there. */
function keepEnd(log: Element): void {
  let atEnd = true;
  log.addEventListener("scroll", () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
  });
  new ResizeObserver(() => atEnd && log.scrollTo(0, log.scrollHeight)).observe(log);
}

function prepare(element: HTMLElement): void {
  const inComposer = ({ target }: Event) => (target as Element).closest(".composer");
  const hold = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const hear = <K extends keyof HTMLElementEventMap>(name: K, run: (event: HTMLElementEventMap[K]) => void) =>
    element.addEventListener(name, run, true);
  // With files in the tray sending is this part's business.
  hear("click", (event) => {
    if (tray.length > 0 && (event.target as Element).closest(".send")) {
      hold(event);
      void latest.send();
    }
  });
  hear("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (tray.length > 0 && sends && (event.target as Element).localName === "textarea") {
      hold(event);
      void latest.send();
    }
  });
  // Whoever goes on writing is not done yet.
  hear("input", (event) => {
    if (wanted && inComposer(event)) latest.wait();
  });
  const take = (event: Event, data: DataTransfer | null) => {
    const given = filesOf(data);
    if (given.length === 0 || !element.querySelector(".attach > *")) return;
    hold(event);
    latest.add(given);
  };
  hear("paste", (event) => {
    // What is copied from a page brings text along; a file alone does not.
    if (inComposer(event) && !event.clipboardData?.getData("text/plain")) take(event, event.clipboardData);
  });
  hear("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  hear("drop", (event) => take(event, event.dataTransfer));
}

const place = (element: HTMLElement) =>
  element.classList.contains("page") && self !== top ? "?place=frame" : "";

/** A picture in its own shape from the start, or a card from which a file is saved. */
function drawFile(file: FileView, t: FilesTexts, tag: string) {
  const { name, width, height } = file;
  const href = url(file.url);
  if (!width || !height) {
    return (
      <a
        key={file.id}
        class="card"
        href={href}
        download={name}
        rel="noopener"
        aria-label={t.save.replace("{name}", name)}
      >
        <bdi>{name}</bdi>
        <small>{sizeOf(file.bytes, tag)}</small>
      </a>
    );
  }
  const scale = Math.min(1, SHOWN.width / width, SHOWN.height / height);
  return (
    <a key={file.id} href={href} target="_blank" rel="noopener" aria-label={t.open.replace("{name}", name)}>
      <img
        src={href}
        alt={name}
        width={Math.max(1, Math.round(width * scale))}
        height={Math.max(1, Math.round(height * scale))}
        loading="lazy"
      />
    </a>
  );
}
