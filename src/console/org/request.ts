// What every page of the organisation stands on: its parts, who asks and when, what it offers them.
import type { ContactService } from "../../contacts/service.js";
import type { ImportService } from "../../customers/imports/service.js";
import { type Guard, viewerOf } from "../../identity/guard.js";
import { isAllowed } from "../../identity/permissions.js";
import type { Viewer } from "../../identity/viewer.js";
import type { Store } from "../../infra/store.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import type { Web } from "../../infra/web.js";
import { type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import type { World } from "../../kernel/world.js";
import type { LeaveService } from "../../org/leave-service.js";

export interface OrgPageParts {
  store: Store;
  guard: Guard;
  pages: PageRenderer;
  world: World;
  zone: string;
  leaves: LeaveService;
  imports: ImportService;
  /** of all files of one import together */
  uploadBytes: number;
  /** undefined: the chat system knows no directory */
  contacts: ContactService | undefined;
  /** Customers of guides who have left go to those named; goes on by itself and never fails. */
  handOver(): Promise<unknown>;
  /** Hears of what went wrong after an answer was given. */
  failed(error: unknown): void;
}

/** Who asks, and on which day. */
export interface OrgRequest {
  viewer: Viewer;
  today: ShopDay;
}

/** Who asks, and when. */
export function requestOf(ctx: Web, { world, zone }: Pick<OrgPageParts, "world" | "zone">): OrgRequest {
  return { viewer: viewerOf(ctx), today: shopDayOf(world.now(), zone) };
}

/** What the pages offer this person, and an empty field to search by. */
export function offersOf({ role }: Viewer) {
  return {
    q: "",
    mayImport: isAllowed(role, "import_data"),
    mayLetGo: isAllowed(role, "let_go"),
    mayContacts: isAllowed(role, "keep_contacts"),
  };
}
