// Loads the demo brand through the doors a real brand would use: import, journey file, accounts, keys.
import { join } from "node:path";
import { countGuides } from "../customers/guide-counts.js";
import type { DemoLogin } from "../identity/routes.js";
import type { Viewer } from "../identity/viewer.js";
import { addDays, instantOf, type ShopDay, shopDayOf, yearOf } from "../kernel/calendar.js";
import { guideIds, loadTree } from "../org/queries.js";
import type { Brand } from "../sandbox/brand-tables.js";
import type { Services } from "../wire.js";
import { brandUntil, writeBrand } from "./brand-files.js";
import type { DistantSandbox } from "./sandbox-thread.js";
import { demoJourney, saveView } from "./showcase.js";

/** Anybody may read this password: it opens demo accounts only, which a real installation never has. */
const PASSWORD = "guidepost-demo";
const HQ_LOGIN = "hq";

/** The demo's logins, one a role. */
export function demoLogins(brand: Brand): DemoLogin[] {
  const guide = tourGuide(brand);
  const name = brand.guides.find((one) => one.userid === guide)?.name ?? guide;
  return [
    { login: HQ_LOGIN, password: PASSWORD, label: "总部运营", hint: "全国报表、旅程、运行情况" },
    { login: "huadong", password: PASSWORD, label: "区域经理（华东）", hint: "只看华东的完成与回复" },
    { login: guide, password: PASSWORD, label: `导购 ${name}`, hint: "手机上的今日任务" },
  ];
}

/** A guide of the first region with much to do, whose phone is worth a look. */
function tourGuide(brand: Brand): string {
  const load = new Map<string, number>();
  for (const customer of brand.customers) load.set(customer.guide, (load.get(customer.guide) ?? 0) + 1);
  const east = new Set(brand.stores.filter((store) => store.region === "华东").map((store) => store.code));
  const ours = brand.guides.filter((guide) => east.has(guide.store) && guide.skill === undefined);
  return ours.sort((a, b) => (load.get(b.userid) ?? 0) - (load.get(a.userid) ?? 0))[0]?.userid ?? "";
}

export interface LoadParts {
  services: Services;
  brand: Brand;
  sandbox: DistantSandbox;
  folder: string;
  /** the brand's state at the end of this day is loaded; its journeys plan from the next day on */
  until: ShopDay;
  zone: string;
}

/** Imports the brand, publishes its journey, makes accounts and the API key, fills the sandbox. */
export async function loadDemo({
  services,
  brand,
  sandbox,
  folder,
  until,
  zone,
}: LoadParts): Promise<string> {
  const known = brandUntil(brand, until);
  writeBrand(folder, known);
  await services.customers.importFrom(folder, { today: until, trigger: false });
  await countGuides(services.store, services.world.now());
  await services.applyJourney(demoJourney(join(folder, "journeys")), { yes: true, by: "demo" });
  await openEveryDay(services, zone);
  const hq = await makeAccounts(services, brand);
  await saveView(services, hq);
  await enrol(sandbox, known, zone);
  return (await services.identity.keys.create("demo", services.world.now())).key;
}

/** Nobody comes to the demo on a quiet day to see nothing. */
async function openEveryDay({ calendar, world }: Services, zone: string): Promise<void> {
  const year = yearOf(shopDayOf(world.now(), zone));
  for (const one of [year, year + 1])
    for (const { on, kind } of (await calendar.year(one)).days)
      if (kind === "quiet") await calendar.remove({ kind, on });
}

/** One account a login; gives headquarters'. */
async function makeAccounts({ identity, store }: Services, brand: Brand): Promise<Viewer> {
  const tree = await loadTree(store.read);
  const guides = await guideIds(store.read);
  const regionId = tree.byPath(["华东"])?.id;
  const hq = { role: "hq", name: "总部运营", guideId: null, storeId: null, regionId: null } as const;
  const accountId = await identity.createAccount({
    ...{ login: HQ_LOGIN, name: hq.name, role: hq.role, password: PASSWORD },
  });
  for (const { login, label, password } of demoLogins(brand)) {
    const guideId = guides.get(login);
    if (guideId !== undefined)
      await identity.createAccount({
        login,
        name: label.replace("导购 ", ""),
        role: "guide",
        password,
        guideId,
      });
    else if (login !== HQ_LOGIN && regionId !== undefined)
      await identity.createAccount({ login, name: "华东区域经理", role: "manager", password, regionId });
  }
  return { accountId, ...hq };
}

async function enrol(sandbox: DistantSandbox, brand: Brand, zone: string): Promise<void> {
  await sandbox.enrol({
    guides: [
      ...brand.guides.map(({ userid, name, factor, skill }) => ({
        ...{ userid, name, factor },
        ...(skill === undefined ? {} : { skill }),
        // one guide in eight has no archive seat: their chats are not observed
        seat: Number.parseInt(userid.slice(1, 4), 10) % 8 !== 0,
      })),
      // has no customers, but a phone
      { userid: "huadong", name: "华东区域经理", external: false, seat: false },
    ],
    customers: brand.customers.map(({ externalUserid, name }) => ({ externalUserid, name })),
    contacts: brand.customers.map(({ externalUserid, guide, joinedOn }) => ({
      ...{ guideUserid: guide, externalUserid },
      createdAt: instantOf(addDays(joinedOn, 0), "12:00", zone),
    })),
  });
}
