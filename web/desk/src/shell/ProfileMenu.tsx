import { Suspense, useRef, useState } from "react";
import { useMe } from "../session/useSession";
import { texts } from "../texts";
import { Avatar } from "../ui/Avatar";
import { lazyPart } from "../ui/lazyPart";
import css from "./ProfileMenu.module.css";

const ProfilePopup = lazyPart(() => import("./ProfilePopup"));

/** The button of the person's own corner. Its menu is fetched when somebody comes near it. */
export function ProfileMenu() {
  const me = useMe();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <div>
      <button
        ref={button}
        type="button"
        className={css.trigger}
        aria-label={texts.nav.profile}
        title={texts.nav.profile}
        aria-haspopup="menu"
        aria-expanded={open}
        onPointerEnter={ProfilePopup.preload}
        onFocus={ProfilePopup.preload}
        onClick={() => setOpen(!open)}
      >
        <Avatar name={me.display_name} url={me.avatar_url} />
      </button>
      {open && (
        <Suspense>
          <ProfilePopup anchor={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
