import type { Role } from "@baton/client/types";

const as: Record<Role, string> = {
  viewer: "a viewer",
  agent: "an agent",
  admin: "an admin",
  owner: "an owner",
};

/** Texts of the pages that a link opens: an invitation, a new password, a new address. */
export const links = {
  join: {
    title: "You are invited",
    lead: (by: string, place: string, role: Role) => `${by} invites you to ${place}, as ${as[role]}.`,
    looking: "Looking at the invitation.",
    over: "This invitation cannot be opened.",
    email: "Email",
    name: "Your name",
    nameHint: "Visitors and colleagues see it.",
    password: "Choose a password",
    passwordHint: "At least 10 characters.",
    submit: "Accept the invitation",
    busy: "Accepting",
    signInFirst: (email: string) => `${email} has an account. Sign in with it to accept.`,
    signedInAs: (email: string) => `You are signed in as ${email}.`,
    another: (email: string) => `The invitation is for ${email}. Sign out, and sign in with that address.`,
    signOut: "Sign out",
    toSignIn: "Go to the sign-in",
  },
  forgot: {
    title: "Forgot your password?",
    lead: "Write your address, and a link for a new password comes by mail.",
    email: "Email",
    submit: "Send the link",
    busy: "Sending",
    sent: "If somebody has an account with this address, a mail is on its way. The link in it works for an hour.",
    off: "This server sends no mail. Ask whoever runs it: they set a new password in a minute.",
    command: "On the server",
    back: "Back to the sign-in",
  },
  password: {
    title: "A new password",
    lead: "You are signed out everywhere when you set it.",
    new: "New password",
    hint: "At least 10 characters.",
    submit: "Set password",
    busy: "Setting",
    done: "Your new password counts from now on.",
    again: "Ask for a new link",
  },
  address: {
    title: "Your new address",
    lead: "Confirm it, and you sign in with it from now on.",
    submit: "Confirm address",
    busy: "Confirming",
    done: "Done. Sign in with your new address from now on.",
  },
} as const;
