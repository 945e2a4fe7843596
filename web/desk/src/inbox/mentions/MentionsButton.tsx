import { useQuery } from "@tanstack/react-query";
import { Suspense, useRef, useState } from "react";
import { Button } from "../../ui/Button";
import { lazyPart } from "../../ui/lazyPart";
import { inboxTexts } from "../inboxTexts";
import css from "./Mentions.module.css";
import { mentionsQuery } from "./query";

const MentionsPopup = lazyPart(() => import("./MentionsPopup"));

/** What one was mentioned in and has not read. */
export function MentionsButton() {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const { data } = useQuery(mentionsQuery);
  const count = data?.items.length ?? 0;
  return (
    <span className={css.place}>
      <Button
        ref={button}
        tone="quiet"
        icon="at"
        iconOnly
        aria-label={inboxTexts.mentions.open(count)}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={MentionsPopup.preload}
        onFocus={MentionsPopup.preload}
        onClick={() => setOpen(!open)}
      />
      {count > 0 && (
        <span className={css.count} aria-hidden="true">
          {data?.next ? `${count}+` : count}
        </span>
      )}
      {open && (
        <Suspense>
          <MentionsPopup anchor={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </span>
  );
}
