/** A part of a chatbot's settings, as far as the tests change them over REST. */
export interface ChatbotPatch {
  name?: string;
  greeting?: string;
  suggested_questions?: string[];
  visibility?: "private" | "public" | "hybrid";
  allowed_domains?: string[];
  message_limit?: { messages: number; seconds: number; text: string };
  escalation?: Record<string, unknown>;
}

export interface Chatbot extends Required<ChatbotPatch> {
  id: string;
  share_url: string | null;
  embed_snippet: string;
  escalation: { requested_message: string; start_announcement: string; end_announcement: string };
}

export interface ConversationRow {
  id: string;
  control: "ai" | "requested" | "live" | "resolved";
  visitor_name: string;
}

export interface LogEvent {
  kind: string;
  text?: string;
}

interface Page<T> {
  items: T[];
}

/** Calls of the REST API with a token: a collaborator's key, or a visitor's. */
export class Rest {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** A call that has to go well. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.raw(method, path, body);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** A call with whatever comes of it. */
  raw(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = {
      ...(this.#token && { Authorization: `Bearer ${this.#token}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    };
    return fetch(`${this.#url}/api/v2${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async chatbot(): Promise<Chatbot> {
    const [first] = (await this.call<Page<Chatbot>>("GET", "/chatbots")).items;
    if (!first) throw new Error("there is no chatbot");
    return first;
  }

  patchChatbot(id: string, patch: ChatbotPatch): Promise<Chatbot> {
    return this.call("PATCH", `/chatbots/${id}`, patch);
  }

  /** Teaches a question with its answer; it is used once it is ready. */
  async teach(chatbot: string, question: string, answer: string): Promise<void> {
    await this.call("POST", `/chatbots/${chatbot}/sources`, { kind: "qa", question, answer });
  }

  /** How much of what was taught is not ready yet. */
  async untaught(chatbot: string): Promise<number> {
    const { items } = await this.call<Page<{ status: string }>>(
      "GET",
      `/chatbots/${chatbot}/sources?limit=200`,
    );
    return items.filter((source) => source.status !== "ready").length;
  }

  async conversations(): Promise<ConversationRow[]> {
    return (await this.call<Page<ConversationRow>>("GET", "/conversations?limit=200")).items;
  }

  async events(conversation: string): Promise<LogEvent[]> {
    const path = `/conversations/${conversation}/events?after=0&limit=200`;
    return (await this.call<Page<LogEvent>>("GET", path)).items;
  }

  async say(conversation: string, text: string): Promise<void> {
    await this.call("POST", `/conversations/${conversation}/messages`, {
      client_id: crypto.randomUUID(),
      text,
    });
  }
}

/** A visitor without a page: only the API. */
export async function newVisitor(
  url: string,
  chatbot: string,
): Promise<{ rest: Rest; conversation: string; token: string }> {
  const body = { chatbot_id: chatbot, language: "en" };
  const grant = await new Rest(url, "").call<{ token: string; conversation_id: string }>(
    "POST",
    "/visitors",
    body,
  );
  return { rest: new Rest(url, grant.token), conversation: grant.conversation_id, token: grant.token };
}
