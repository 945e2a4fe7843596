import { Suspense, useEffect, useState } from "react";
import { isShortcut } from "../lib/keys";
import { lazyPart } from "../ui/lazyPart";
import { chatCommands } from "./commands";

const Palette = lazyPart(() => import("./Palette"));
const Sheet = lazyPart(() => import("./Sheet"));

/** The conversation before or after the open one in the list, or the first. */
function step(by: number): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-list] a, [data-results] a")];
  const focused = links.indexOf(document.activeElement as HTMLElement);
  const at = focused >= 0 ? focused : links.findIndex((link) => link.ariaCurrent === "page");
  const next = links[at < 0 ? 0 : at + by];
  next?.focus();
  next?.click();
}

/** The keys of every page: Ctrl or Cmd with K opens the palette, `?` the sheet of keys, a letter does what it stands for. */
export function Keys() {
  const [open, setOpen] = useState<"palette" | "sheet" | null>(null);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (
        (event.ctrlKey || event.metaKey) &&
        !event.altKey &&
        !event.shiftKey &&
        event.key.toLowerCase() === "k"
      ) {
        event.preventDefault();
        setOpen((now) => (now === "palette" ? null : "palette"));
        return;
      }
      if (!isShortcut(event) || event.repeat) return;
      const command = chatCommands.get()?.commands.find((one) => one.key === event.key);
      if (event.key === "?") setOpen("sheet");
      else if (event.key === "j") step(1);
      else if (event.key === "k") step(-1);
      else if (command) command.run();
      else return;
      event.preventDefault();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  const close = () => setOpen(null);
  return (
    <Suspense>
      {open === "palette" && <Palette onClose={close} onSheet={() => setOpen("sheet")} />}
      {open === "sheet" && <Sheet onClose={close} />}
    </Suspense>
  );
}
