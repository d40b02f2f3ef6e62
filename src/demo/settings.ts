// What the demo made once and keeps beside its database: its corp, its keys, its seed and how far it was played.

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { isShopDay, type ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";

const day = z.string().refine(isShopDay);

const shape = z.object({
  seed: z.number().int(),
  /** the last day of the brand's history */
  today: day,
  corpid: z.string(),
  secret: z.string(),
  agentid: z.number().int(),
  token: z.string(),
  aesKey: z.string(),
  /** of the CRM and the archive's side process */
  apiKey: z.string().optional(),
  loaded: z.boolean(),
  playedThrough: day.optional(),
  finished: z.boolean(),
});

export type DemoSettings = z.infer<typeof shape>;

/** The demo's kept settings; made anew for a brand that lives up to `today` when there are none. */
export function demoSettings(file: string, today: ShopDay): DemoSettings {
  if (!existsSync(file)) return keepSettings(file, freshSettings(today));
  const kept = shape.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (kept.success) return kept.data;
  throw new Refusal(
    "invalid",
    `${file} cannot be read. Delete the folder ${dirname(file)} to start the demo anew.`,
  );
}

/** Writes the settings; whoever reads meanwhile sees the old or the new ones whole. */
export function keepSettings(file: string, settings: DemoSettings): DemoSettings {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(settings, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return settings;
}

function freshSettings(today: ShopDay): DemoSettings {
  return {
    ...{ seed: 618, today, corpid: "wwguidepostdemo", agentid: 1000002, loaded: false, finished: false },
    secret: letters(43),
    token: letters(24),
    aesKey: letters(43),
  };
}

/** n letters and digits. */
function letters(n: number): string {
  return randomBytes(n * 4)
    .toString("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, n);
}
