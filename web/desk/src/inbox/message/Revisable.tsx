import { type ReactNode, Suspense, useRef, useState } from "react";
import { Button } from "../../ui/Button";
import { lazyPart } from "../../ui/lazyPart";
import { inboxTexts } from "../inboxTexts";
import css from "./Revisable.module.css";

const EditBox = lazyPart(() => import("./EditBox"));
const DeleteLine = lazyPart(() => import("./DeleteLine"));
const Versions = lazyPart(() => import("./Versions"));

const t = inboxTexts.message;

type Props = {
  note?: boolean;
  conversation: string;
  seq: number;
  text: string;
  edited: boolean;
  mayEdit: boolean;
  mayDelete: boolean;
  children: ReactNode;
};

/** A text with what one may do about it: change it, delete it, look at what stood there before. */
export function Revisable({
  note = false,
  conversation,
  seq,
  text,
  edited,
  mayEdit,
  mayDelete,
  children,
}: Props) {
  const [doing, setDoing] = useState<"edit" | "delete" | null>(null);
  const [versions, setVersions] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const remove = useRef<HTMLButtonElement>(null);
  const done = () => {
    setDoing(null);
    // The buttons are back after this drawing.
    requestAnimationFrame(() => (edit.current ?? remove.current)?.focus());
  };
  if (doing === "edit") {
    return (
      <Suspense fallback={children}>
        <EditBox conversation={conversation} seq={seq} text={text} onDone={done} />
      </Suspense>
    );
  }
  return (
    <div className={css.text}>
      {children}
      {doing === "delete" && (
        <Suspense>
          <DeleteLine note={note} conversation={conversation} seq={seq} onDone={done} />
        </Suspense>
      )}
      {(edited || mayEdit || mayDelete) && doing === null && (
        <span className={css.tools}>
          {edited && (
            <button
              type="button"
              className={css.edited}
              aria-expanded={versions}
              onPointerEnter={Versions.preload}
              onClick={() => setVersions(!versions)}
            >
              {t.edited}
            </button>
          )}
          <span className={css.acts}>
            {mayEdit && (
              <Button
                ref={edit}
                tone="quiet"
                icon="pencil"
                iconOnly
                aria-label={note ? t.editNote : t.edit}
                onPointerEnter={EditBox.preload}
                onFocus={EditBox.preload}
                onClick={() => setDoing("edit")}
              />
            )}
            {mayDelete && (
              <Button
                ref={remove}
                tone="quiet"
                icon="trash"
                iconOnly
                aria-label={note ? t.removeNote : t.remove}
                onPointerEnter={DeleteLine.preload}
                onFocus={DeleteLine.preload}
                onClick={() => setDoing("delete")}
              />
            )}
          </span>
        </span>
      )}
      {versions && (
        <Suspense>
          <Versions conversation={conversation} seq={seq} text={text} />
        </Suspense>
      )}
    </div>
  );
}
