import type { Me, Role, Session } from "@baton/client/types";
import { useQuery } from "@tanstack/react-query";
import { loadSession, queries, SESSION } from "../lib/api";

/** The session of the signed-in person. Only inside pages that need a sign-in. */
export function useSession(): Session {
  const { data } = useQuery({ queryKey: SESSION, queryFn: loadSession, staleTime: Number.POSITIVE_INFINITY });
  if (!data) throw new Error("used outside a signed-in page");
  return data;
}

/** The signed-in person. */
export function useMe(): Me {
  return useSession().me;
}

/** Takes over what the server now says about the signed-in person. */
export function adoptMe(me: Me): void {
  queries.setQueryData<Session>(SESSION, (session) => session && { ...session, me });
}

/** Whether a role includes what an admin may do. */
export function isAdmin(role: Role | undefined): boolean {
  return role === "admin" || role === "owner";
}

/** Whether a role may write to visitors. */
export function mayWrite(role: Role | undefined): boolean {
  return role !== undefined && role !== "viewer";
}

/** Roles from the least to the most. */
export const ROLES: readonly Role[] = ["viewer", "agent", "admin", "owner"];

/** The roles that somebody with this one may give. */
export function rolesUpTo(role: Role): readonly Role[] {
  return ROLES.slice(0, ROLES.indexOf(role) + 1);
}
