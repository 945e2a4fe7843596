/** What the server sends to a device (`crates/app/src/push.rs`). */
export type PushMessage =
  | {
      type: "alert";
      id: string;
      /** What is shown in one place: further calls to a request stand where the first one stood. */
      tag: string;
      conversation: string;
      title: string;
      body: string;
      sound: boolean;
      /** It is shown until somebody has seen it. */
      stays: boolean;
    }
  | { type: "withdraw"; id: string; title: string }
  /** A test that a page has asked for; the page knows it by its id. */
  | { type: "test"; id: string; title: string };

/** What an open page is told when its notification was clicked. */
export interface OpenConversation {
  type: "open-conversation";
  conversation: string;
}

/** What open pages are told when a test has arrived. */
export interface TestArrived {
  type: "test-arrived";
  id: string;
}

/** What an open page is asked: whether it has made the sound of an alert. It answers by the port that comes along. */
export interface HasPlayed {
  type: "has-played";
  id: string;
}

/** Reads a message; `null` for what this version does not know. */
export function readMessage(json: unknown): PushMessage | null {
  if (typeof json !== "object" || json === null) return null;
  const { type, id, title } = json as Record<string, unknown>;
  if (typeof id !== "string" || typeof title !== "string") return null;
  return type === "alert" || type === "withdraw" || type === "test" ? (json as PushMessage) : null;
}

/** A page of the desk, as a service worker sees it. */
export interface PageSeen {
  /** In front of somebody's eyes. */
  visible: boolean;
  /** It says that it has made the sound of this very alert. One that sleeps says nothing. */
  played: boolean;
}

/** What is to be done with a message. */
export type Deed =
  /** An open page tells of it by itself. */
  | { do: "nothing" }
  | { do: "show"; id: string; title: string; options: ShownOptions }
  /** Puts a quiet word in the place of the notification, and takes it away. */
  | { do: "replace"; id: string; title: string }
  /** Tells open pages that a test has arrived: one of them has asked. */
  | { do: "tell"; id: string };

/** What `showNotification` is given. */
export interface ShownOptions {
  body: string;
  tag: string;
  silent: boolean;
  requireInteraction: boolean;
  /** It rings although something stands in its place. */
  renotify: boolean;
  data: { conversation?: string; id: string };
}

/** A notification that stands there. */
export interface Standing {
  tag: string;
  /** Which alert it tells of; none for a quiet word. */
  id: string | undefined;
}

/**
 * Decides what a service worker does. A page that is visible raises its own notification. One that is hidden may be asleep:
 * the same name keeps it at one, and it is silent only where a page has made the sound.
 */
export function decide(message: PushMessage, pages: readonly PageSeen[], shown: readonly Standing[]): Deed {
  if (message.type === "test") {
    const { id, title } = message;
    if (pages.length > 0) return { do: "tell", id };
    // The page that asked is closed by now. Browsers want to see something for each push.
    const options = { body: "", tag: "baton-test", silent: true, requireInteraction: false, renotify: false };
    return { do: "show", id, title, options: { ...options, data: { id } } };
  }
  if (message.type === "withdraw") {
    return shown.some((one) => one.tag === message.id)
      ? { do: "replace", id: message.id, title: message.title }
      : { do: "nothing" };
  }
  const { id, tag, title, body, conversation, sound, stays } = message;
  const there = shown.find((one) => one.tag === tag);
  if (pages.some((page) => page.visible) || there?.id === id) return { do: "nothing" };
  const rings = sound && !pages.some((page) => page.played);
  return {
    do: "show",
    id,
    title,
    options: {
      body,
      tag,
      silent: !rings,
      requireInteraction: stays,
      renotify: there !== undefined && rings,
      data: { conversation, id },
    },
  };
}
