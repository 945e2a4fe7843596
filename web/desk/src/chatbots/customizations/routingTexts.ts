import type { RoutingMode } from "@baton/client/types";

const modes: Record<RoutingMode, string> = {
  manual: "Everybody is called, and somebody takes it",
  round_robin: "Each in turn",
  least_busy: "Whoever has least",
};

/** Texts of whom a request is given to. */
export const routing = {
  title: "Who gets a request",
  lead: "A request is given to somebody who is at the desk and has room. Only they are called; everybody is, when nobody is there.",
  mode: "Requests are given",
  modes,
  limit: "At most, for one person",
  limitHint: "Requests and live chats at a time. 0: without limit",
  limitWrong: "0, or a number up to 100.",
  after: "Give it to somebody else after seconds",
  afterHint: "Without being opened or answered. Who has opened it has three times as long. 0: never",
  afterWrong: "0, or a number from 10 to 3600.",
  pools: "Pools",
  poolsLead:
    "Who comes first for some visitors. The first pool that fits counts; when nobody of it is there, everybody comes into question.",
  none: "No pool yet: everybody who may answer comes into question.",
  add: "Add pool",
  pool: (at: number) => `Pool ${at}`,
  name: "Name of the pool",
  remove: (name: string) => `Remove pool ${name}`,
  people: "People",
  languages: "Languages",
  languagesHint: "Tags, with commas between them: pt, de-AT. pt is also pt-BR",
  languagesWrong: "A language is written like de or pt-BR.",
  labels: "Labels",
  noLabels: "There are no labels yet.",
  unfinished: "It counts once it has people, and a language or a label.",
} as const;
