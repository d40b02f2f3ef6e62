// What HQ of the demo has done beyond its first journey: words compared, customers held out, a one-off task, a saved view.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { Viewer } from "../identity/viewer.js";
import { projectRoot } from "../infra/config.js";
import { addDays, type ShopDay } from "../kernel/calendar.js";
import { savedViewService } from "../reports/saved/saved-views.js";
import type { Services } from "../wire.js";

const JOURNEY = "newborn-formula";

/** What the demo adds to touchpoints of the default journey, by key. */
const ADDED: Record<string, object> = {
  "day-7": {
    variants: [
      { key: "开放问", share: 50, words: `${JOURNEY}/day-7.hbs` },
      {
        ...{ key: "选数字", share: 50 },
        words:
          "认识您一周啦。妈妈们问得最多的有三件：1 孩子出门穿几件，2 湿巾怎么挑，3 推车怎么收。您回个数字，我先说您最想听的那件。",
      },
    ],
    experiment: { days: 21 },
  },
  "no-order-30": { hold_out: 10 },
};

/** The default journey with an experiment and a hold-out in it, as a file in this folder with its words beside it;
 *  gives the file's path. */
export function demoJourney(folder: string): string {
  const templates = join(projectRoot, "templates/journeys");
  cpSync(join(templates, JOURNEY), join(folder, JOURNEY), { recursive: true });
  const journey = parseDocument(readFileSync(join(templates, `${JOURNEY}.yaml`), "utf8"));
  const touchpoints = (journey.toJS() as { touchpoints: { key: string }[] }).touchpoints;
  for (const [key, added] of Object.entries(ADDED)) {
    const at = touchpoints.findIndex((one) => one.key === key);
    if ("variants" in added) journey.deleteIn(["touchpoints", at, "words"]);
    for (const [name, value] of Object.entries(added))
      journey.setIn(["touchpoints", at, name], journey.createNode(value));
  }
  const file = join(folder, `${JOURNEY}.yaml`);
  writeFileSync(file, journey.toString());
  return file;
}

const ONEOFF = "member-visit";
/** The one-off begins so many days before the demo's last, and is open for so many. */
const ONEOFF_BEFORE = 12;
const ONEOFF_DAYS = 3;

/** What HQ does on a day of the past: the one-off task on its first day. Doing it again changes nothing. */
export async function workOfHeadquarters(
  { oneoffs, readOneoffData }: Pick<Services, "oneoffs" | "readOneoffData">,
  day: ShopDay,
  today: ShopDay,
): Promise<void> {
  if (day !== addDays(today, -ONEOFF_BEFORE)) return;
  if ((await oneoffs.listed()).some(({ key }) => key === ONEOFF)) return;
  const oneoff = await readOneoffData({
    ...{ key: ONEOFF, name: "钻石会员回访", send: "page" },
    words:
      "{{customer.name}}您好，这个月的会员礼已经到店了。您哪天方便过来？我先给您留好，过来的时候报个名字就行。",
    audience: { level: ["钻石"] },
    until: addDays(day, ONEOFF_DAYS),
  });
  await oneoffs.create(oneoff, "demo");
}

/** The report HQ of the demo opens most, of the last thirty days whenever that is, shared with the managers. */
export async function saveView(
  { store, world }: Pick<Services, "store" | "world">,
  viewer: Viewer,
): Promise<void> {
  const address = "/report?span=30d&by=store&sort=-replyRate";
  await savedViewService({ store, world }).save(viewer, {
    ...{ name: "各门店回复率（高到低）", address, sharedWith: "manager" },
  });
}
