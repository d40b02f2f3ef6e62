// Who is asking, and how far they may see.

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
