import type { MessageLimit } from "@baton/client/types";
import { texts } from "../../texts";
import { Section } from "../Page";
import { SavedText } from "../settings/SavedText";
import css from "./Limit.module.css";

const t = texts.custom;

type Props = { limit: MessageLimit; change: (limit: MessageLimit) => void };

/** How much one visitor may write. */
export function Limit({ limit, change }: Props) {
  return (
    <Section title={t.limit} lead={t.limitLead}>
      <div className={css.pair}>
        <SavedText
          label={t.limitMessages}
          type="number"
          inputMode="numeric"
          normal={(text) => String(Number(text))}
          value={String(limit.messages)}
          check={(text) => outside(text, 1000)}
          onSave={(text) => change({ ...limit, messages: Number(text) })}
        />
        <SavedText
          label={t.limitSeconds}
          type="number"
          inputMode="numeric"
          normal={(text) => String(Number(text))}
          value={String(limit.seconds)}
          check={(text) => outside(text, 86_400)}
          onSave={(text) => change({ ...limit, seconds: Number(text) })}
        />
      </div>
      <SavedText
        label={t.limitText}
        value={limit.text}
        lines={1}
        maxLength={1000}
        check={(text) => (text.trim() === "" ? t.required : null)}
        onSave={(text) => change({ ...limit, text })}
      />
    </Section>
  );
}

function outside(text: string, most: number): string | null {
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 && number <= most ? null : t.between(1, most);
}
