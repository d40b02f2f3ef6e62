// Who is asking, and how far they may see; who did something, as a short word for the record.

/** HQ sees all; a manager their region's subtree; a store manager their store; a guide their own customers. */
export type Role = "hq" | "manager" | "store_manager" | "guide";

/** Every role, widest sight first. */
export const roles: readonly Role[] = ["hq", "manager", "store_manager", "guide"];

/** Somebody signed in. The ids say how far they see; the slices enforce it. */
export interface Viewer {
  accountId: number;
  role: Role;
  name: string;
  /** set for guides */
  guideId: number | null;
  /** set for store managers, and for guides */
  storeId: number | null;
  /** set for managers: the root of what they see */
  regionId: number | null;
}

/** Who did something: the product itself, a guide (from chat or page), or another account. */
export type Actor =
  | { kind: "system" }
  | { kind: "guide"; guideId: number }
  | { kind: "account"; accountId: number };

/** The actor as it stands in the record: `system`, `guide:12`, `account:3`. */
export function actorWord(actor: Actor): string {
  if (actor.kind === "guide") return `guide:${actor.guideId}`;
  return actor.kind === "account" ? `account:${actor.accountId}` : "system";
}

/** The actor a viewer is when they do something themselves. */
export function actorOf(viewer: Viewer): Actor {
  return viewer.guideId === null
    ? { kind: "account", accountId: viewer.accountId }
    : { kind: "guide", guideId: viewer.guideId };
}
