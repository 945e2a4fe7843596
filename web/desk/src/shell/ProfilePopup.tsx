import { Menu } from "@base-ui/react/menu";
import { useNavigate } from "@tanstack/react-router";
import { type RefObject, useSyncExternalStore } from "react";
import { signOut } from "../lib/api";
import { awayByHand, chooseAway } from "../live/presence";
import { useSession } from "../session/useSession";
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { PresenceDot, presenceTexts } from "../ui/Presence";
import css from "./ProfilePopup.module.css";
import { chooseTheme, type Theme, useTheme } from "./theme";

const t = texts.nav;
/** Texts that are fetched with the menu. */
const presence = { title: "At the desk" };
const THEMES: Theme[] = ["system", "light", "dark"];

/** The person's own corner: account, theme, sign out. */
export default function ProfilePopup({
  anchor,
  onClose,
}: {
  anchor: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}) {
  const { me, workspace_name } = useSession();
  const navigate = useNavigate();
  const theme = useTheme();
  const away = useSyncExternalStore(awayByHand.subscribe, awayByHand.get);

  return (
    <Menu.Root
      open
      onOpenChange={(open, { event }) => {
        // The button itself closes by its own click.
        if (!open && !anchor.current?.contains(event.target as Node)) onClose();
      }}
    >
      {/* Inside the header, so that the menu belongs to a landmark. */}
      <Menu.Portal container={anchor.current?.parentElement}>
        <Menu.Positioner className={css.positioner} anchor={anchor} align="end" sideOffset={6}>
          <Menu.Popup className={css.popup} finalFocus={anchor} aria-label={t.profile}>
            <div className={css.who}>
              <strong>{me.display_name}</strong>
              <span>{me.email}</span>
              <span>{workspace_name}</span>
            </div>
            <Menu.Item className={css.item} onClick={() => void navigate({ to: "/account" })}>
              <Icon name="person" />
              {t.account}
            </Menu.Item>
            <Menu.Item className={css.item} onClick={() => void navigate({ to: "/notifications" })}>
              <Icon name="bell" />
              {t.notifications}
            </Menu.Item>
            <Menu.Group>
              <Menu.GroupLabel className={css.label}>{presence.title}</Menu.GroupLabel>
              <Menu.RadioGroup value={away} onValueChange={(value: boolean) => chooseAway(me.id, value)}>
                {[false, true].map((one) => (
                  <Menu.RadioItem key={String(one)} value={one} className={css.item} closeOnClick={false}>
                    <PresenceDot presence={one ? "away" : "online"} />
                    {presenceTexts[one ? "away" : "online"]}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
            </Menu.Group>
            <Menu.Group>
              <Menu.GroupLabel className={css.label}>{t.theme}</Menu.GroupLabel>
              <Menu.RadioGroup value={theme} onValueChange={(value: Theme) => chooseTheme(value)}>
                {THEMES.map((one) => (
                  <Menu.RadioItem key={one} value={one} className={css.item} closeOnClick={false}>
                    <span className={css.tick}>
                      <Menu.RadioItemIndicator>
                        <Icon name="check" />
                      </Menu.RadioItemIndicator>
                    </span>
                    {t.themes[one]}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
            </Menu.Group>
            <Menu.Separator className={css.line} />
            <Menu.Item className={css.item} onClick={() => void signOut()}>
              <Icon name="out" />
              {t.signOut}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
