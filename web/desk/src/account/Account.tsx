import type { Me, MePatch } from "@baton/client/types";
import { Page, Section } from "../chatbots/Page";
import { SavedText } from "../chatbots/settings/SavedText";
import { SaveState } from "../chatbots/settings/SaveState";
import { useAutosave } from "../chatbots/settings/useAutosave";
import { http } from "../lib/api";
import { usePageTitle } from "../lib/title";
import { adoptMe, useMe } from "../session/useSession";
import { texts } from "../texts";
import { PictureField } from "../ui/PictureField";
import css from "./Account.module.css";
import { Calling } from "./Calling";
import { Device } from "./Device";
import { Email } from "./Email";
import { Password } from "./Password";
import { Sessions } from "./Sessions";

const t = texts.account;

/** One's own account: face, name, password, and what this device does. */
export function Account() {
  usePageTitle(t.title);
  const me = useMe();
  const { value, change, undo, saving, canUndo } = useAutosave<Me, MePatch>(me, async (patch) => {
    const saved = await http.patch<Me>("/me", patch);
    adoptMe(saved);
    return saved;
  });
  return (
    <Page title={t.title} lead={t.lead} tools={<SaveState saving={saving} canUndo={canUndo} onUndo={undo} />}>
      <Section title={t.profile}>
        <PictureField
          pencil
          name={me.display_name}
          url={me.avatar_url}
          choose={t.avatar}
          remove={t.removeAvatar}
          hint={t.avatarHint}
          onUpload={async (file) => adoptMe(await http.put<Me>("/me/avatar", file, { timeoutMs: 60_000 }))}
          onRemove={async () => adoptMe(await http.delete<Me>("/me/avatar"))}
        />
        <SavedText
          label={t.name}
          value={value.display_name}
          maxLength={80}
          check={(text) => (text.trim() === "" ? texts.custom.required : null)}
          onSave={(display_name) => change({ display_name })}
        />
        <dl className={css.facts}>
          <dt>{t.email}</dt>
          <dd>{me.email}</dd>
          {me.role && (
            <>
              <dt>{t.role}</dt>
              <dd>{t.roles[me.role]}</dd>
            </>
          )}
        </dl>
      </Section>
      <Calling />
      <Device />
      <Email />
      <Password />
      <Sessions />
    </Page>
  );
}
