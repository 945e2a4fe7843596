import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { FAQ } from "./faq.ts";
import { Rest } from "./rest.ts";
import { run, Server } from "./server.ts";

export interface Person {
  name: string;
  email: string;
  password: string;
  role: "owner" | "admin" | "agent" | "viewer";
}

/** Owns the workspace. */
export const ADA: Person = {
  name: "Ada Martins",
  email: "ada@example.com",
  password: "seven quiet lanterns",
  role: "owner",
};
/** Answers visitors. */
export const SOFIA: Person = {
  name: "Sofia Lindqvist",
  email: "sofia@example.com",
  password: "nine paper sailboats",
  role: "agent",
};

/** A data folder with people, knowledge and sessions, made once and copied for each test. */
export interface Template {
  dir: string;
  /** Ada's API key. */
  key: string;
  chatbot: string;
  /** The secrets of sessions, by e-mail address. */
  sessions: Record<string, string>;
}

export const QUESTIONS = ["How long does delivery take?", "Can I return something?"];

/** No step of a wait. */
const NEVER = {
  again_after: 0,
  team_after: 0,
  admins_after: 0,
  outside_after: 0,
  first_after: 0,
  second_after: 0,
  nobody_after: 0,
  remind_after: 0,
  colleagues_after: 0,
};

/** Makes the template, through the doors that an owner has. */
export async function makeTemplate(): Promise<Template> {
  const dir = await mkdtemp(join(tmpdir(), "baton-template-"));
  for (const person of [ADA, SOFIA]) await addPerson(dir, person);
  const key = await run(["key", "create", "--data-dir", dir, "--email", ADA.email, "--name", "tests"]);
  const server = await Server.start(dir);
  const rest = new Rest(server.url, key);
  const { id } = await rest.chatbot();
  await rest.patchChatbot(id, {
    name: "Pedal Shop Helper",
    suggested_questions: QUESTIONS,
    // However long a test takes, nothing happens but what it does.
    escalation: { waiting: NEVER },
  });
  for (const [question, answer] of FAQ) await rest.teach(id, question, answer);
  await expect.poll(() => rest.untaught(id), { message: "the knowledge is ready" }).toBe(0);
  const sessions: Record<string, string> = {};
  for (const person of [ADA, SOFIA]) sessions[person.email] = await sessionOf(server.url, person);
  await server.stop();
  return { dir, key, chatbot: id, sessions };
}

/** A fresh copy of the template's data. */
export async function copyOf(template: Template): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "baton-test-"));
  await cp(template.dir, dir, { recursive: true });
  return dir;
}

export const discard = (dir: string): Promise<void> => rm(dir, { recursive: true, force: true });

export async function addPerson(dir: string, { email, name, role, password }: Person): Promise<void> {
  await run(
    ["user", "add", "--data-dir", dir, "--email", email, "--name", name, "--role", role],
    `${password}\n`,
  );
}

async function sessionOf(url: string, { email, password }: Person): Promise<string> {
  const answer = await fetch(`${url}/api/v2/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  const secret = /baton_session=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "")?.[1];
  if (!secret) throw new Error(`${email} could not sign in: ${answer.status}`);
  return secret;
}
