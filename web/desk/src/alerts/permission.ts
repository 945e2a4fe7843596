import { Store } from "../lib/store";

/** What this browser lets Baton show; `unsupported` also where the page was reached without TLS. */
export type Permission = NotificationPermission | "unsupported";

/** The present permission, kept fresh when it is changed in the browser's settings. */
export const permission = new Store<Permission>(read());

/** Asks for the permission. Only from a click, and with the reason beside it. */
export async function askPermission(): Promise<Permission> {
  if (read() === "default") await Notification.requestPermission();
  return presentPermission();
}

/** The permission as it is at this moment. */
export function presentPermission(): Permission {
  permission.set(read());
  return permission.get();
}

/** Follows changes made elsewhere; the result ends it. */
export function watchPermission(): () => void {
  const refresh = () => permission.set(read());
  let status: PermissionStatus | null = null;
  let ended = false;
  navigator.permissions?.query({ name: "notifications" }).then(
    (found) => {
      if (ended) return;
      status = found;
      status.addEventListener("change", refresh);
    },
    () => undefined,
  );
  window.addEventListener("focus", refresh);
  return () => {
    ended = true;
    status?.removeEventListener("change", refresh);
    window.removeEventListener("focus", refresh);
  };
}

function read(): Permission {
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}
