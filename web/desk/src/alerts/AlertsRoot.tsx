import type { ConversationRow, Page } from "@baton/client/types";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { pageMayCall } from "../account/calling";
import { chatbotQuery } from "../chatbots/queries";
import { MENTIONS } from "../inbox/mentions/query";
import { http, queries } from "../lib/api";
import { useStore } from "../lib/store";
import { showWaiting } from "../lib/title";
import { useDesk } from "../live/DeskProvider";
import { queryOf } from "../live/views";
import { keepPush } from "../push/push";
import { Alerts } from "./Alerts";
import { watchPermission } from "./permission";
import { unlockSound } from "./sounds";

/** Starts the alerts of the signed-in page and keeps the badge of its tab. Draws nothing. */
export function AlertsRoot() {
  const desk = useDesk();
  const navigate = useNavigate();
  const waiting = useStore(desk.rows.store, (inbox) => inbox.counts?.waiting ?? 0);

  useEffect(() => {
    const open = (conversation: string) =>
      void navigate({ to: "/inbox/$conversation", params: { conversation } });
    const alerts = new Alerts({
      desk,
      storage: deviceStorage(),
      fetchWaiting: () =>
        http.get<Page<ConversationRow>>("/conversations", { query: { ...queryOf("waiting"), limit: 50 } }),
      mayCall: pageMayCall,
      fetchChatbot: (id) => queries.fetchQuery(chatbotQuery(id)),
      open,
    });
    const stops = [alerts.start(), watchPermission(), unlockSound(), keepPush(open, alerts.hasPlayed)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [desk, navigate]);

  useEffect(
    () =>
      desk.link.onFrame((frame) => {
        if (frame.type === "alert" && frame.kind === "mention") {
          void queries.invalidateQueries({ queryKey: MENTIONS });
        }
      }),
    [desk],
  );

  useEffect(() => {
    showWaiting(waiting);
    return () => showWaiting(0);
  }, [waiting]);
  return null;
}

function deviceStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
