import { ACCEPTED } from "@baton/client/upload";
import {
  type ClipboardEvent,
  type DragEvent,
  type ReactNode,
  type RefObject,
  Suspense,
  useRef,
  useState,
} from "react";
import { useStore } from "../../lib/store";
import { useDesk } from "../../live/DeskProvider";
import { filesThere, isReady } from "../../live/trays";
import { Button } from "../../ui/Button";
import { lazyPart } from "../../ui/lazyPart";
import { fileTexts as t } from "./fileTexts";
import css from "./useAttaching.module.css";

const FileTray = lazyPart(() => import("./FileTray"));

/** Files beside a text box: what is there, how they get in, and what to draw. `key` is that of the draft. */
export function useAttaching(key: string, conversation: string, box: RefObject<HTMLTextAreaElement | null>) {
  const { trays } = useDesk();
  const uploads = useStore(trays.of(key));
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [wanted, setWanted] = useState(false);

  function add(list: FileList | null | undefined): boolean {
    const files = [...(list ?? [])];
    if (files.length === 0) return false;
    FileTray.preload();
    void import("./uploading").then((part) => part.addFiles(trays, key, conversation, files));
    return true;
  }

  const button: ReactNode = (
    <>
      <Button
        tone="quiet"
        icon="clip"
        iconOnly
        aria-label={t.attach}
        onPointerEnter={FileTray.preload}
        onFocus={FileTray.preload}
        onClick={() => chooser.current?.click()}
      />
      <input
        ref={chooser}
        type="file"
        hidden
        multiple
        accept={ACCEPTED}
        data-chooser
        onChange={(event) => {
          add(event.target.files);
          // The same file once more is a choice too.
          event.target.value = "";
          box.current?.focus();
        }}
      />
    </>
  );
  const ready = isReady(uploads);
  const failed = uploads.some((upload) => upload.state.is === "failed");
  const moving = uploads.filter((upload) => upload.state.is === "sending").length;
  return {
    /** What is on the server. */
    files: filesThere(uploads),
    any: uploads.length > 0,
    ready,
    failed,
    /** Somebody has sent it already: it goes out as soon as everything is there. */
    wanted: wanted && !failed,
    want: setWanted,
    /** Why it is not sent yet, if it is not. */
    hint: failed ? t.failed : wanted && moving > 0 ? t.wanted : moving > 0 ? t.waiting(moving) : null,
    button,
    tray: uploads.length > 0 && (
      <Suspense>
        <FileTray trays={trays} tray={key} uploads={uploads} onRemoved={() => box.current?.focus()} />
      </Suspense>
    ),
    /** Shown over the box while files hang above it. */
    drop: over && <p className={css.drop}>{t.drop}</p>,
    empty: () => trays.empty(key),
    /** For the frame around the text box. */
    props: {
      onPaste(event: ClipboardEvent) {
        // A picture that is copied from a page brings text along; a file alone does not.
        if (event.clipboardData.getData("text/plain") === "" && add(event.clipboardData.files)) {
          event.preventDefault();
        }
      },
      onDragOver(event: DragEvent) {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave(event: DragEvent) {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop(event: DragEvent) {
        setOver(false);
        if (add(event.dataTransfer.files)) event.preventDefault();
      },
    },
  };
}
