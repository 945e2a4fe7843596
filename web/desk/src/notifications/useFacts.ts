import type { CallingView } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { callingQuery } from "../account/calling";
import { permission } from "../alerts/permission";
import { probeSound, soundState, volume } from "../alerts/sounds";
import { useStore } from "../lib/store";
import { useDesk } from "../live/DeskProvider";
import { pushState } from "../push/push";
import type { Facts } from "./layers";

/** Whether one's quiet hours are over is asked so often. */
const LOOK_MS = 60_000;

/** What can be seen of this device now, followed as it changes. */
export function useFacts(): Facts {
  const desk = useDesk();
  const { data: calling } = useQuery({
    ...callingQuery,
    refetchInterval: ({ state }) => (state.data?.silent ? LOOK_MS : false),
  });
  useEffect(() => {
    if (soundState.get() === "unknown") void probeSound();
  }, []);
  return {
    permission: useStore(permission),
    secure: window.isSecureContext,
    calls: callsOf(calling),
    sound: useStore(soundState),
    volume: useStore(volume),
    push: useStore(pushState),
    online: useStore(desk.link.state, (state) => state.status === "open"),
  };
}

/** Until it is known nothing is wrong. */
function callsOf(calling: CallingView | undefined): Facts["calls"] {
  return calling?.silent ?? (calling?.browser === false ? "off" : "called");
}
