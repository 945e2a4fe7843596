import type { ModelTested } from "@baton/client/types";
import { type ReactNode, useRef, useState } from "react";
import { http, wordsOf } from "../../lib/api";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { type ModelForm, wantedOf } from "./draft";
import css from "./Models.module.css";
import { models as t } from "./texts";
import { troubleWords } from "./troubleWords";

type Props = { path: string; form: ModelForm; ready: boolean; children?: ReactNode };
type Found = { ok: boolean; words: string; about: string };

/** Asks the model as it stands in the form, and says what was found. What was found of another form is not shown. */
export function TestConnection({ path, form, ready, children }: Props) {
  const [found, setFound] = useState<Found | null>(null);
  const [busy, setBusy] = useState(false);
  const about = JSON.stringify(form);
  const newest = useRef(0);

  async function test() {
    newest.current += 1;
    const mine = newest.current;
    setBusy(true);
    setFound(null);
    const told = await ask(`${path}/test`, form);
    if (newest.current === mine) {
      setFound({ ...told, about });
      setBusy(false);
    }
  }

  const shown = found?.about === about ? found : null;
  return (
    <div className={css.test}>
      <div className={css.acts}>
        <Button disabled={busy || !ready} onClick={() => void test()}>
          {busy ? t.testing : t.test}
        </Button>
        {children}
      </div>
      <p className={css.found} data-ok={shown?.ok} role="status">
        {shown && <Icon name={shown.ok ? "check" : "info"} size={16} />}
        {shown?.words}
      </p>
    </div>
  );
}

async function ask(path: string, form: ModelForm): Promise<Omit<Found, "about">> {
  try {
    const tested = await http.post<ModelTested>(path, wantedOf(form));
    const words = tested.ok
      ? t.testOk(tested.model, tested.took_ms, tested.said ?? "")
      : t.testFailed(tested.model, troubleWords(tested.trouble ?? undefined, tested.detail ?? ""));
    return { ok: tested.ok, words };
  } catch (error) {
    return { ok: false, words: wordsOf(error) };
  }
}
