import { lazyPart } from "../ui/lazyPart";

/** What this device does not tell: it is looked at when the list is there. */
export const NotifyLine = lazyPart(() => import("./NotifyLine"));
