import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { chatbotsQuery } from "../chatbots/queries";
import { cannedQuery, expand } from "../inbox/compose/canned";
import { answerersQuery } from "../inbox/compose/people";
import { CHAT_COMPOSER, focusComposerSoon } from "../inbox/focus";
import { inboxTexts } from "../inbox/inboxTexts";
import { labelsQuery } from "../inbox/labels/query";
import { http } from "../lib/api";
import { useStore } from "../lib/store";
import type { Desk } from "../live/Desk";
import { useDesk } from "../live/DeskProvider";
import { newestFirst, VIEWS } from "../live/views";
import { isAdmin, mayWrite, useMe } from "../session/useSession";
import { texts } from "../texts";
import { type ChatCommands, chatCommands } from "./commands";
import type { Item } from "./items";
import { paletteTexts as t } from "./texts";

/** Everything that can be done here and now. */
export function useItems(query: string, onSheet: () => void): Item[] {
  const chat = useStore(chatCommands);
  return [...useChatItems(chat), ...usePlaces(onSheet), ...useConversations(), ...useSearchItem(query)];
}

/** What the open conversation allows: its actions first, then colleagues, labels and canned replies by name. */
function useChatItems(chat: ChatCommands | null): Item[] {
  const desk = useDesk();
  const me = useMe();
  const writes = chat !== null && mayWrite(chat.row.role);
  const { data: people } = useQuery({
    ...answerersQuery(chat?.row.chatbot_id ?? ""),
    enabled: writes,
    staleTime: 0,
  });
  const { data: labels } = useQuery({ ...labelsQuery, enabled: writes, staleTime: 0 });
  const { data: replies } = useQuery({ ...cannedQuery, enabled: writes, staleTime: 0 });
  if (!chat) return [];
  const { row, now, commands } = chat;
  const items: Item[] = commands.map(({ id, words, key, run }) => ({ id, part: "chat", words, key, run }));
  if (!writes) return items;
  const live = now.control === "live";
  const gives = live ? now.mine || isAdmin(row.role) : now.control !== "resolved";
  const holders = new Set(live ? now.participants.map((one) => one.id) : [row.assignee?.id]);
  if (gives) {
    const part = live ? "give" : "assign";
    for (const person of people ?? []) {
      if (holders.has(person.id)) continue;
      items.push({
        id: `assign-${person.id}`,
        part,
        words: person.id === me.id ? t.me(person.name) : person.name,
        also: t.parts[part],
        asked: true,
        run: () => desk.command(row.id, { do: live ? "transfer" : "assign", to: person.id }),
      });
    }
    if (!live && row.assignee) {
      const run = () => desk.command(row.id, { do: "assign", to: null });
      items.push({ id: "assign-nobody", part, words: t.nobody, also: t.parts.assign, asked: true, run });
    }
  }
  for (const label of labels ?? []) {
    const on = row.labels.includes(label.id);
    const path = `/conversations/${row.id}/labels/${label.id}`;
    items.push({
      id: `label-${label.id}`,
      part: "label",
      words: on ? t.takeLabel(label.name) : t.putLabel(label.name),
      asked: true,
      run: () => void (on ? http.delete(path) : http.put(path)).catch(() => undefined),
    });
  }
  if (now.control !== "live" || now.mine) {
    for (const reply of replies ?? []) {
      items.push({
        id: `canned-${reply.id}`,
        part: "canned",
        words: t.insert(reply.name),
        also: reply.text.slice(0, 200),
        asked: true,
        run: () => {
          const names = { visitor: row.visitor_name, me: me.display_name, chatbot: row.chatbot_name };
          insert(desk, row.id, expand(reply.text, names));
        },
      });
    }
  }
  return items;
}

/** Puts a text behind what was begun; nothing is sent. */
function insert(desk: Desk, conversation: string, text: string): void {
  const begun = desk.drafts.of(conversation).get();
  desk.drafts.write(conversation, begun.trim() === "" ? text : `${begun.trimEnd()}\n${text}`);
  const box = document.getElementById(CHAT_COMPOSER);
  if (box) box.focus();
  else document.querySelector<HTMLElement>('[role="tab"][data-mode="reply"]')?.click();
}

/** The views of the inbox and the pages of the desk. */
function usePlaces(onSheet: () => void): Item[] {
  const navigate = useNavigate();
  const me = useMe();
  const { data: chatbots } = useQuery(chatbotsQuery);
  const views = VIEWS.map((view): Item => {
    const search = view === "all" ? {} : { view };
    const run = () => void navigate({ to: "/inbox", search });
    return { id: `view-${view}`, part: "go", words: t.view(texts.inbox.views[view]), run };
  });
  const pages: Item[] = [
    {
      id: "canned",
      part: "go",
      words: inboxTexts.canned.manage,
      run: () => void navigate({ to: "/canned-replies" }),
    },
    { id: "labels", part: "go", words: inboxTexts.labels.title, run: () => void navigate({ to: "/labels" }) },
    { id: "chatbots", part: "go", words: texts.nav.chatbots, run: () => void navigate({ to: "/chatbots" }) },
    ...(isAdmin(me.role ?? undefined)
      ? [
          {
            id: "webhooks",
            part: "go" as const,
            words: texts.nav.webhooks,
            run: () => void navigate({ to: "/webhooks" }),
          },
        ]
      : []),
    { id: "account", part: "go", words: texts.nav.account, run: () => void navigate({ to: "/account" }) },
    {
      id: "notifications",
      part: "go",
      words: texts.nav.notifications,
      run: () => void navigate({ to: "/notifications" }),
    },
    { id: "keys", part: "go", words: t.keys, key: "?", run: onSheet },
  ];
  const bots = (chatbots?.items ?? []).map((chatbot): Item => {
    const run = () => void navigate({ to: "/chatbots/$chatbot", params: { chatbot: chatbot.id } });
    return {
      id: `bot-${chatbot.id}`,
      part: "go",
      words: chatbot.name,
      also: texts.nav.chatbots,
      asked: true,
      run,
    };
  });
  return [...views, ...pages, ...bots];
}

/** Conversations that are at hand, by the visitor's name. */
function useConversations(): Item[] {
  const desk = useDesk();
  const navigate = useNavigate();
  const rows = useStore(desk.rows.store, (inbox) => inbox.rows);
  const known = [...rows.values()].filter((row) => !row.rehearsal);
  return known.sort(newestFirst).map((row) => ({
    id: `row-${row.id}`,
    part: "conversations",
    words: `${row.visitor_name} · ${texts.status[row.control]}`,
    asked: true,
    run: () => {
      focusComposerSoon();
      void navigate({ to: "/inbox/$conversation", params: { conversation: row.id } });
    },
  }));
}

/** Whatever is typed can be searched for. */
function useSearchItem(query: string): Item[] {
  const navigate = useNavigate();
  const words = query.trim();
  if (words === "") return [];
  const run = () => void navigate({ to: "/inbox", search: { q: words } });
  return [{ id: "search", part: "conversations", words: t.searchFor(words), also: words, run }];
}
