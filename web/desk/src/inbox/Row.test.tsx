// @vitest-environment happy-dom
import type { ConversationRow, Me } from "@baton/client/types";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, it } from "vitest";
import { aRow } from "../testing/row";
import { RowContent } from "./Row";

const ada: Me = {
  id: "ada",
  email: "ada@fernwell.example",
  display_name: "Ada",
  avatar_url: null,
  role: "agent",
};

/** The accessible name of a row: its text without what is hidden from assistive technology. */
function nameOf(row: ConversationRow, draft: string | null = null): string {
  const place = document.createElement("div");
  const root = createRoot(place);
  flushSync(() => root.render(<RowContent row={row} me={ada} named={false} draft={draft} />));
  const heard = place.cloneNode(true) as HTMLElement;
  for (const hidden of heard.querySelectorAll('[aria-hidden="true"]')) hidden.remove();
  const name = heard.textContent ?? "";
  root.unmount();
  return name.replace(/\s+/g, " ").trim();
}

const asking = aRow({
  control: "requested",
  request: { alert_id: "c1:9", since: 0, reasons: [] },
  visitor_words: "Can I speak to someone real?",
  last: { author: "ai", name: null, text: "I have called a colleague.", at: 0 },
  unread: 2,
});

it("tells who, how it stands and the visitor's last words while a request waits", () => {
  expect(nameOf(asking)).toBe("Jonas Weber, Support Requested, Can I speak to someone real?, 2 unread");
});

it("tells the last text and who has it in a live chat", () => {
  const row = aRow({
    control: "live",
    live: { since: 0, participants: [{ id: "ada", name: "Ada", avatar_url: null }] },
    last: { author: "human", name: "Ada", text: "I am here", at: 0 },
  });
  expect(nameOf(row)).toBe("Jonas Weber, Live Chat, You: I am here, with you");
});

it("keeps the last text in the name where a draft is shown instead", () => {
  const row = aRow({ last: { author: "visitor", name: null, text: "Hello", at: 0 } });
  expect(nameOf(row, "half a thought")).toBe("Jonas Weber, AI, Hello, Draft: half a thought");
});
