import { Suspense, useEffect, useRef, useState } from "react";
import { isShortcut } from "../lib/keys";
import { lazyPart } from "../ui/lazyPart";
import { type Command, chatCommands } from "./commands";

const Palette = lazyPart(() => import("./Palette"));
const Sheet = lazyPart(() => import("./Sheet"));

/** The palette is fetched when the page has come to rest, so that it opens at once. */
const PRELOAD_MS = 3_000;

/** The conversation before or after the open one in the list, or the first. */
function step(by: number): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-list] a, [data-results] a")];
  const focused = links.indexOf(document.activeElement as HTMLElement);
  const at = focused >= 0 ? focused : links.findIndex((link) => link.ariaCurrent === "page");
  const next = links[at < 0 ? 0 : at + by];
  next?.focus();
  next?.click();
}

/** Whether a key does a command. A capital letter is Shift and the letter, not a lock that was left on. */
function isKeyOf({ key }: Command, event: KeyboardEvent): boolean {
  return key === event.key && (!/^[A-Z]$/.test(key) || event.shiftKey);
}

/** The keys of every page: Ctrl or Cmd with K opens the palette, `?` the sheet of keys, a letter does what it stands for. */
export function Keys() {
  const [open, setOpen] = useState<"palette" | "sheet" | null>(null);
  /** What is typed from the short cut on until the palette has the focus: none of it goes to the page. */
  const early = useRef<string | null>(null);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (
        (event.ctrlKey || event.metaKey) &&
        !event.altKey &&
        !event.shiftKey &&
        event.key.toLowerCase() === "k"
      ) {
        event.preventDefault();
        early.current = open === "palette" ? null : "";
        setOpen((now) => (now === "palette" ? null : "palette"));
        return;
      }
      if (early.current !== null) {
        event.preventDefault();
        event.stopPropagation();
        if (event.key === "Escape") setOpen(null);
        early.current =
          event.key === "Escape" ? null : early.current + (event.key.length === 1 ? event.key : "");
        return;
      }
      if (!isShortcut(event) || event.repeat) return;
      const command = chatCommands.get()?.commands.find((one) => isKeyOf(one, event));
      if (event.key === "?") setOpen("sheet");
      else if (event.key === "j") step(1);
      else if (event.key === "k") step(-1);
      else if (command) command.run();
      else return;
      event.preventDefault();
    }
    document.addEventListener("keydown", onKeyDown, { capture: true });
    return () => document.removeEventListener("keydown", onKeyDown, { capture: true });
  }, [open]);
  useEffect(() => {
    const soon = window.setTimeout(Palette.preload, PRELOAD_MS);
    return () => window.clearTimeout(soon);
  }, []);
  function takeEarly(): string {
    const typed = early.current ?? "";
    early.current = null;
    return typed;
  }
  const close = () => setOpen(null);
  return (
    <Suspense>
      {open === "palette" && (
        <Palette onClose={close} takeEarly={takeEarly} onSheet={() => setOpen("sheet")} />
      )}
      {open === "sheet" && <Sheet onClose={close} />}
    </Suspense>
  );
}
