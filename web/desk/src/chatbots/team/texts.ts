import type { Role } from "@baton/client/types";

/** What each role may do, in a line. */
const may: Record<Role, string> = {
  viewer: "Reads conversations, and nothing else.",
  agent: "Answers visitors, and is alerted when one asks for a person.",
  admin: "Also changes settings and knowledge, and invites others.",
  owner: "Everything.",
};

/** Texts of `Collaborators`. */
export const team = {
  title: "Collaborators",
  lead: "Who answers visitors here, and who may change things.",
  invite: "Invite a colleague",
  inviteLead: "They get a link that works once, for 7 days, and only for their address.",
  email: "Email",
  role: "Role",
  may,
  where: "Where",
  here: "This chatbot",
  everywhere: "All chatbots",
  send: "Invite",
  made: (email: string) => `Hand this link to ${email}. It is shown this once.`,
  mailed: (email: string) =>
    `A mail with a link is on its way to ${email}. You can also hand on this one; it is shown this once.`,
  link: "Invitation link",
  copyLink: "Copy link",
  people: "People",
  invited: "Invited",
  you: "you",
  forAll: "all chatbots",
  roleOf: (name: string) => `Role of ${name}`,
  seen: (when: string) => `seen ${when}`,
  seenNow: "here now",
  never: "not seen yet",
  until: (when: string) => `open until ${when}`,
  by: (name: string) => `invited by ${name}`,
  deactivated: "Deactivated",
  remove: "Remove",
  removeFrom: (name: string) => `Remove ${name}`,
  removeSure: "Remove from this chatbot",
  removeAllSure: "Remove from all chatbots",
  deactivate: "Deactivate",
  deactivateNamed: (name: string) => `Deactivate ${name}`,
  deactivateSure: "Deactivate now",
  activate: "Activate",
  activateNamed: (name: string) => `Activate ${name}`,
  revoke: "Revoke",
  revokeFor: (email: string) => `Revoke the invitation for ${email}`,
  leaves: "Signed out at once. Live chats where nobody else is wait for a person again.",
} as const;
