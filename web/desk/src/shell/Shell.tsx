import { Outlet, useMatchRoute, useParams } from "@tanstack/react-router";
import { AlertsRoot } from "../alerts/AlertsRoot";
import { DeskProvider } from "../live/DeskProvider";
import { Keys } from "../palette/Keys";
import { useSession } from "../session/useSession";
import { texts } from "../texts";
import { Brand } from "./Brand";
import { ConnectionLine } from "./ConnectionLine";
import { Nav } from "./Nav";
import { ProfileMenu } from "./ProfileMenu";
import css from "./Shell.module.css";

/** The frame of every signed-in page: brand and profile above, navigation at the side, the page. */
export function Shell() {
  const { me, workspace_name } = useSession();
  const inInbox = Boolean(useMatchRoute()({ to: "/inbox", fuzzy: true }));
  const { conversation } = useParams({ strict: false });
  return (
    <DeskProvider key={me.id} me={me.id}>
      <AlertsRoot />
      <Keys />
      <div
        className={css.shell}
        data-rail={inInbox || undefined}
        data-reading={conversation !== undefined || undefined}
      >
        <a className={css.skip} href="#main">
          {texts.skip}
        </a>
        <header className={css.top}>
          <Brand />
          <span className={css.workspace}>{workspace_name}</span>
          <ConnectionLine />
          <ProfileMenu />
        </header>
        <Nav />
        <main id="main" className={css.main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </DeskProvider>
  );
}
