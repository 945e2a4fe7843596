import { useEffect } from "react";
import { permission } from "../alerts/permission";
import { probeSound, soundState, volume } from "../alerts/sounds";
import { useStore } from "../lib/store";
import { useDesk } from "../live/DeskProvider";
import { pushState } from "../push/push";
import type { Facts } from "./layers";

/** What can be seen of this device now, followed as it changes. */
export function useFacts(): Facts {
  const desk = useDesk();
  useEffect(() => {
    if (soundState.get() === "unknown") void probeSound();
  }, []);
  return {
    permission: useStore(permission),
    secure: window.isSecureContext,
    sound: useStore(soundState),
    volume: useStore(volume),
    push: useStore(pushState),
    online: useStore(desk.link.state, (state) => state.status === "open"),
  };
}
