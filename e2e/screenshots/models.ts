import type { Page } from "@playwright/test";
import type { Desk } from "../support/desk.ts";
import { Rest } from "../support/rest.ts";
import type { Demo } from "./demo.ts";

type Shoot = (page: Page, name: string) => Promise<void>;

/** `AI model` with two models, a test that failed and what went wrong; `Functions` with one and its form. */
export async function shootModels(page: Page, desk: Desk, demo: Demo, shoot: Shoot): Promise<void> {
  const chatbot = `/chatbots/${demo.chatbot_uuid}`;
  const path = `${chatbot}/ai-model`;
  await page.goto(path);
  await desk.button("Save").waitFor();
  await shoot(page, "ai-model-none");
  const models = [
    { provider: "compatible", address: "https://llm.invalid/v1", model: "llama-3.3-70b", key: "sk-shown-to-nobody" },
    { provider: "anthropic", model: "claude-haiku", input_price: 100, output_price: 500, temperature: 30 },
  ];
  await demo.rest.call("PUT", path, { choice: "own", models: models.slice(0, 1), version: 0 });
  const visitor = await demo.rest.call<{ token: string; conversation_id: string }>("POST", "/visitors", {
    chatbot_id: demo.chatbot_uuid,
  });
  const guest = new Rest(demo.server.url, visitor.token);
  const conversation = `/conversations/${visitor.conversation_id}`;
  await guest.call("POST", `${conversation}/messages`, { client_id: "one", text: "How long does delivery take?" });
  await page.goto(`/inbox/${visitor.conversation_id}`);
  await page.getByRole("note", { name: "How this answer was made" }).waitFor();
  await shoot(page, "conversation-made");
  await demo.rest.call("PUT", path, { choice: "own", models: models.map((one, was) => ({ ...one, was })), version: 1 });
  await page.goto(path);
  await desk.button("Test connection").first().click();
  await page.getByText(/gave no answer/).first().waitFor();
  await shoot(page, "ai-model");
  await page.getByRole("heading", { name: "What went wrong" }).scrollIntoViewIfNeeded();
  await shoot(page, "ai-model-troubles");
  await page.goto(`${path}/functions`);
  await desk.button("Add a function").waitFor();
  await shoot(page, "functions-none");
  await demo.rest.call("POST", `${chatbot}/tools`, {
    name: "order_status",
    description: "Looks up where an order is and when it arrives. Needs the number of the order.",
    method: "GET",
    url: "https://shop.example.com/orders/{number}",
    parameters: [{ name: "number", description: "Like A-1042", kind: "string", required: true }],
    headers: [{ name: "x-shop-key", value: "shown-to-nobody" }],
    enabled: true,
  });
  await page.reload();
  await desk.button("Add a function").waitFor();
  await shoot(page, "functions");
  await desk.button("Edit order_status").click();
  await desk.field("Name").waitFor();
  await shoot(page, "functions-edit");
  await page.goto(`${path}/workspace`);
  await desk.button("Save").waitFor();
  await shoot(page, "ai-model-workspace");
  await demo.rest.call("PUT", path, { choice: "inherit", models: [], version: 2 });
}
