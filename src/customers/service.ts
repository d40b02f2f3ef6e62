// What happens to customers: imported, pushed, supplied by guides, told by the chat system. Anchors follow every write.
import type { Store } from "../infra/store.js";
import type { RowStatus } from "../infra/upserts.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { guideIds } from "../org/queries.js";
import { writeChildren } from "./child-writes.js";
import { type ContactOutcome, writeContactEvent } from "./contact-events.js";
import { writeCustomers } from "./customer-writes.js";
import { faultsOf } from "./faults.js";
import { type ImportedTable, type ImportProgress, importDirectory } from "./import.js";
import type { TableName } from "./import-tables.js";
import { type PushedRow, writePush } from "./pushes.js";
import { writeStopped } from "./stopping.js";
import { type Supply, writeSupply } from "./supplies.js";
import type { ChildRow, CustomerRow } from "./tables.js";
import { handOverLeavers } from "./transfer-writes.js";
import type { Writing } from "./writing.js";

export interface CustomerParts {
  store: Store;
  world: World;
  /** the brand's zone */
  zone: string;
  /** 32 bytes under which phone numbers are encrypted */
  secretKey: Buffer;
}

/** How a folder is imported. */
export interface ImportWay {
  trigger: boolean;
  /** today when left out */
  today?: ShopDay;
  refusedDir?: string;
  progress?: (progress: ImportProgress) => void;
}

/** What a chat system tells of a friendship. */
export interface ContactNews {
  guideUserid: string;
  externalUserid: string;
  /** epoch ms */
  at: number;
}

export type CustomerService = ReturnType<typeof customerService>;

/** The writes of customers over one database. None of them asks who is asking: their callers have. */
export function customerService(parts: CustomerParts) {
  const { store, world, zone } = parts;
  const today = () => shopDayOf(world.now(), zone);
  return {
    ...incoming(parts, today),
    ...singleChanges(parts, today),
    ...faultsOf(store, today),

    /** Hands the customers of guides who have left to those named to take them; gives how many. */
    handOverLeavers: (): Promise<number> => handOverLeavers(store, today()),

    /** A guide and a customer became friends: a customer we do not know is made. `unknown`: we have no such guide. */
    contactAdded: (news: ContactNews) => hearContact(parts, "added", news),

    /** A friendship ended, whoever ended it. `unknown`: we have no such guide or customer. */
    contactEnded: (news: ContactNews) => hearContact(parts, "ended", news),
  };
}

function writingOf({ world, secretKey }: CustomerParts, today: ShopDay): Writing {
  return { today, at: world.now(), quietThrough: null, secretKey };
}

/** Tables as they come in. */
function incoming(parts: CustomerParts, today: () => ShopDay) {
  const { store, secretKey } = parts;
  const writing = () => writingOf(parts, today());
  return {
    /** Imports a folder or one file; see `importDirectory`. */
    importFrom: (place: string, way: ImportWay): Promise<ImportedTable[]> =>
      importDirectory(place, {
        store,
        secretKey,
        at: parts.world.now(),
        ...way,
        today: way.today ?? today(),
      }),

    /** Writes rows pushed by another system; one result a row. `trigger` false, as with an import that must not: due days
     *  up to today stay quiet. */
    push: (table: TableName, rows: unknown, { trigger = true } = {}): Promise<PushedRow[]> =>
      writePush(store, table, rows, { ...writing(), quietThrough: trigger ? null : today() }),
  };
}

/** One customer at a time. */
function singleChanges(parts: CustomerParts, today: () => ShopDay) {
  const { store } = parts;
  const writing = () => writingOf(parts, today());
  return {
    /** Writes a fact a guide supplied. Raises `invalid`, in Chinese, when the value is none. */
    supply: (supply: Supply): Promise<void> => store.write((sql) => writeSupply(sql, supply, writing())),

    /** Changes what is known of a customer; what is left out stays, null empties. Raises `not_found`, `invalid`. */
    setCustomer: async (values: CustomerRow): Promise<RowStatus> => {
      await mustKnow(store, values.externalUserid);
      const placed = { row: values, where: "customer", line: 1 };
      return oneStatus(await store.write((sql) => writeCustomers(sql, [placed], writing())));
    },

    /** The same for one child, who is made when there is none of this number. */
    setChild: async (values: ChildRow): Promise<RowStatus> => {
      const placed = { row: values, where: "child", line: 1 };
      return oneStatus(await store.write((sql) => writeChildren(sql, [placed], writing())));
    },

    /** Ends every baby touchpoint of a customer (a loss, a complaint), or lets them begin again. */
    setStopped: (customerId: number, stopped: boolean): Promise<void> =>
      store.write((sql) => writeStopped(sql, customerId, stopped, today())),
  };
}

async function hearContact(
  { store, world, zone }: CustomerParts,
  kind: "added" | "ended",
  { guideUserid, externalUserid, at }: ContactNews,
): Promise<ContactOutcome> {
  const guideId = (await guideIds(store.read, [guideUserid])).get(guideUserid);
  if (guideId === undefined) return { status: "unknown" };
  const event = { kind, guideId, externalUserid, day: shopDayOf(at, zone) };
  return store.write((sql) => writeContactEvent(sql, event, shopDayOf(world.now(), zone)));
}

async function mustKnow(store: Store, externalUserid: string): Promise<void> {
  const row = await store.read.row("SELECT id FROM customer WHERE external_userid = ?", [externalUserid]);
  if (!row) throw new Refusal("not_found", "没有这位客户。");
}

function oneStatus(
  outcomes: readonly { status: RowStatus; faults: readonly { expected: string }[] }[],
): RowStatus {
  const [outcome] = outcomes;
  if (outcome?.status === "refused")
    throw new Refusal("invalid", `${outcome.faults.map(({ expected }) => expected).join("; ")}.`);
  return outcome?.status ?? "unchanged";
}
