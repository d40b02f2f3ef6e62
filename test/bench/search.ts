// Finding one customer among millions: by whatever one types, by everybody who may look, through the service and as a page.
import { type CustomerDesk, customerDesk, type DeskAsk } from "../../src/customers/desk.js";
import type { Viewer } from "../../src/identity/viewer.js";
import { movableWorld, seeded } from "../../src/kernel/world.js";
import { openHouse, password, serve, signedIn } from "../support/house.js";
import { type BenchDatabase, onEachDatabase } from "./databases.js";
import * as harness from "./harness.js";
import { makeBrand } from "./report-data.js";
import { customerOf, makeCustomers, type SoughtCustomer, secretHex } from "./search-data.js";

const sizes: Record<harness.Mode, { customers: number; guides: number; stores: number; times: number }> = {
  full: { customers: 3_000_000, guides: 10_000, stores: 4_000, times: 200 },
  ci: { customers: 20_000, guides: 400, stores: 160, times: 20 },
};
type Size = (typeof sizes)["full"];

/** No answer may take longer, median or worst, ms. */
const BAR = 100;

const NOW = Date.UTC(2026, 2, 2, 4);

/** One kind of search: who looks, what they type for a customer drawn by chance, and whether that one must be found. */
interface Kind {
  name: string;
  viewer: Viewer;
  ask(sought: SoughtCustomer): Partial<DeskAsk>;
  /** on the first page */
  finds: boolean;
}

/** The bench. */
export const bench: harness.Bench = {
  name: "search",
  async run(mode, out) {
    const judged = harness.bars(mode, out);
    const size = sizes[mode];
    await onEachDatabase(out, async (database) => {
      out(`### ${database.title}: ${harness.round(size.customers)} customers`);
      const { store } = database;
      const filled = await harness.timed(async () => {
        await makeBrand(store, { tasks: 100, days: 1, guides: size.guides, stores: size.stores });
        await makeCustomers(store, size.customers, size.guides);
      });
      harness.note(`${database.title}: filled in ${harness.round(filled.ms / 1000)} s`);
      await throughService(database, size, judged, out);
      await throughPages(database, size, judged, out);
    });
    return judged.kept();
  },
};

const viewerOf = (role: Viewer["role"], ids: Partial<Viewer> = {}): Viewer => ({
  ...{ accountId: 1, role, name: "", guideId: null, storeId: null, regionId: null, ...ids },
});

async function kinds({ store }: BenchDatabase): Promise<Kind[]> {
  const place = await store.read.row<{
    top: number;
    province: number;
    area: number;
    store: number;
    guide: number;
  }>(
    `SELECT t.id AS top, p.id AS province, a.id AS area, s.id AS store, g.id AS guide
     FROM guide g JOIN store s ON s.id = g.store_id JOIN region a ON a.id = s.region_id
       JOIN region p ON p.id = a.parent_id JOIN region t ON t.id = p.parent_id ORDER BY t.id DESC, g.id LIMIT 1`,
  );
  const { top = 0, province = 0, area = 0, store: shop = 0, guide = 0 } = place ?? {};
  const hq = viewerOf("hq");
  const surname = ({ name }: SoughtCustomer) => ({ text: [...name][0] ?? "" });
  const whole = ({ name }: SoughtCustomer) => ({ text: name });
  const manager = (regionId: number) => viewerOf("manager", { regionId });
  return [
    { name: "HQ: first character", viewer: hq, ask: surname, finds: false },
    { name: "HQ: whole name", viewer: hq, ask: whole, finds: false },
    {
      name: "HQ: a page further on",
      viewer: hq,
      ask: (one) => ({ ...surname(one), by: "name", after: one.id }),
      finds: false,
    },
    { name: "HQ: nobody is called so", viewer: hq, ask: () => ({ text: "蘑菇" }), finds: false },
    { name: "HQ: phone", viewer: hq, ask: ({ phone }) => ({ text: phone }), finds: true },
    {
      name: "HQ: its last four digits",
      viewer: hq,
      ask: ({ phone }) => ({ text: phone.slice(-4) }),
      finds: false,
    },
    {
      name: "HQ: customer id",
      viewer: hq,
      ask: ({ externalUserid }) => ({ text: externalUserid }),
      finds: true,
    },
    {
      name: "HQ: its beginning",
      viewer: hq,
      ask: ({ externalUserid }) => ({ text: externalUserid.slice(0, 8) }),
      finds: true,
    },
    {
      name: "HQ: all of a store",
      viewer: hq,
      ask: ({ guideId }) => ({ store: `S${guideId % 100}` }),
      finds: false,
    },
    {
      name: "HQ: name in a store",
      viewer: hq,
      ask: (one) => ({ ...surname(one), store: "S7" }),
      finds: false,
    },
    { name: "manager of a large region: first character", viewer: manager(top), ask: surname, finds: false },
    { name: "manager of a province: first character", viewer: manager(province), ask: surname, finds: false },
    { name: "manager of a city: first character", viewer: manager(area), ask: surname, finds: false },
    { name: "manager of a city: whole name", viewer: manager(area), ask: whole, finds: false },
    {
      name: "manager of a province: last four digits",
      viewer: manager(province),
      ask: ({ phone }) => ({ text: phone.slice(-4) }),
      finds: false,
    },
    {
      name: "store manager: first character",
      viewer: viewerOf("store_manager", { storeId: shop }),
      ask: surname,
      finds: false,
    },
    {
      name: "guide: first character",
      viewer: viewerOf("guide", { guideId: guide }),
      ask: surname,
      finds: false,
    },
    {
      name: "guide: all of theirs",
      viewer: viewerOf("guide", { guideId: guide }),
      ask: () => ({}),
      finds: false,
    },
  ];
}

async function throughService(database: BenchDatabase, size: Size, judged: harness.Bars, out: harness.Out) {
  const { store, title } = database;
  const secretKey = Buffer.from(secretHex, "hex");
  const desk = customerDesk({ store, secretKey, world: movableWorld(NOW) });
  const rows: (string | number)[][] = [];
  for (const kind of await kinds(database)) {
    const times = await timesOf(kind, desk, size);
    rows.push([kind.name, harness.median(times), Math.max(...times)]);
    judged.atMost(`${title}, ${kind.name}, the slowest of ${size.times}`, Math.max(...times), BAR, "ms");
  }
  harness.table(out, ["search", "median ms", "slowest ms"], rows);
}

async function timesOf(
  { name, viewer, ask, finds }: Kind,
  desk: CustomerDesk,
  size: Size,
): Promise<number[]> {
  const random = seeded(11);
  const times: number[] = [];
  // the first answers make statements ready
  for (let n = -5; n < size.times; n++) {
    const sought = customerOf(1 + Math.floor(random() * size.customers), size.guides);
    const asked: DeskAsk = { text: "", store: "", guide: "", ...ask(sought) };
    const { ms, value } = await harness.timed(() => desk.search(viewer, asked));
    if (finds && !value.hits.some(({ id }) => id === sought.id)) throw new Error(`${name}: not found`);
    if (n >= 0) times.push(ms);
  }
  return times;
}

/** The same as a browser asks for it: signed in, the whole page, one after the other. */
async function throughPages(
  { store, title }: BenchDatabase,
  size: Size,
  judged: harness.Bars,
  out: harness.Out,
) {
  const house = openHouse(store, movableWorld(NOW), { channel: "notebook", secret_key: secretHex });
  await house.services.identity.createAccount({ login: "bench", name: "HQ", role: "hq", password });
  const server = await serve(house.services);
  const browser = await signedIn(server.url, "bench");
  const random = seeded(13);
  const rows: (string | number)[][] = [];
  const pages: [string, (sought: SoughtCustomer) => string][] = [
    ["by first character", ({ name }) => [...name][0] ?? ""],
    ["by phone", ({ phone }) => phone],
    ["by last four digits", ({ phone }) => phone.slice(-4)],
  ];
  for (const [name, textOf] of pages) {
    const times: number[] = [];
    for (let n = -5; n < size.times; n++) {
      const sought = customerOf(1 + Math.floor(random() * size.customers), size.guides);
      const path = `/customers?q=${encodeURIComponent(textOf(sought))}`;
      const { ms, value } = await harness.timed(() => browser.get(path).expect(200));
      if (!value.text.includes("/customers/")) throw new Error(`${path}: nobody on the page`);
      if (n >= 0) times.push(ms);
    }
    rows.push([name, harness.median(times), Math.max(...times)]);
    judged.atMost(`${title}, the page ${name}, the slowest of ${size.times}`, Math.max(...times), BAR, "ms");
  }
  harness.table(out, ["the page over HTTP", "median ms", "slowest ms"], rows);
  await server.close();
  await house.close();
}
