/** What people copy into their websites and servers. */
import type { Chatbot } from "@baton/client/types";

/** Where the server is, as the embed code names it. */
export function serverOf(chatbot: Chatbot): string {
  return /src="(.*)\/widget\.js"/.exec(chatbot.embed_snippet)?.[1] ?? location.origin;
}

/** The chat in a frame. */
export function frameRecipe(chatbot: Chatbot): string {
  const title = chatbot.name.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${serverOf(chatbot)}/widget/${chatbot.id}" title="${title}" width="400" height="640"></iframe>`;
}

/** Methods and events, also before the script is there. */
export const CONTROL_RECIPE = `window.Baton ||= { q: [] };
for (const name of ["open", "close", "identify", "on"]) Baton[name] ||= (...given) => Baton.q.push([name, given]);

Baton.on("unread", (count) => console.log(count, "new messages"));
Baton.on("message", ({ from, text }) => console.log(from, text));
document.querySelector("#help")?.addEventListener("click", () => Baton.open());`;

/** Who is writing, in the page. */
export const IDENTIFY_RECIPE = `Baton.identify({
  id: "4711",
  name: "Ada Example",
  email: "ada@example.com",
  attributes: { plan: "Team", orders: 12 },
  // From your server:
  expires: 1767225600,
  signature: "…",
});
// When they sign out: Baton.identify(null);`;

/** Signing on a server, by language. What is signed is \`chatbot:expires:id\`, with the secret's text as the key. */
export function signRecipes(chatbot: string): { language: string; code: string }[] {
  return [
    {
      language: "Node.js",
      code: `import { createHmac } from "node:crypto";

const expires = Math.floor(Date.now() / 1000) + 3600;
const signature = createHmac("sha256", process.env.BATON_SIGNING_SECRET)
  .update(\`${chatbot}:\${expires}:\${user.id}\`)
  .digest("hex");`,
    },
    {
      language: "Python",
      code: `import hashlib, hmac, os, time

expires = int(time.time()) + 3600
signature = hmac.new(
    os.environ["BATON_SIGNING_SECRET"].encode(),
    f"${chatbot}:{expires}:{user.id}".encode(),
    hashlib.sha256,
).hexdigest()`,
    },
    {
      language: "PHP",
      code: `$expires = time() + 3600;
$signature = hash_hmac(
    "sha256",
    "${chatbot}:{$expires}:{$user->id}",
    getenv("BATON_SIGNING_SECRET")
);`,
    },
    {
      language: "Ruby",
      code: `require "openssl"

expires = Time.now.to_i + 3600
signature = OpenSSL::HMAC.hexdigest(
  "SHA256", ENV.fetch("BATON_SIGNING_SECRET"), "${chatbot}:#{expires}:#{user.id}"
)`,
    },
    {
      language: "Go",
      code: `expires := time.Now().Unix() + 3600
mac := hmac.New(sha256.New, []byte(os.Getenv("BATON_SIGNING_SECRET")))
fmt.Fprintf(mac, "${chatbot}:%d:%s", expires, user.ID)
signature := hex.EncodeToString(mac.Sum(nil))`,
    },
  ];
}

/** What a strict page has to allow, for the script and for the frame. */
export function policyRecipe(server: string): string {
  const socket = server.replace(/^http/, "ws");
  return `script-src ${server};
connect-src ${server} ${socket};
img-src ${server};
frame-src ${server};`;
}
