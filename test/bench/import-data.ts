// A brand as CSV files of any size, written and read back as streams: ids as WeCom makes them, dates of three years.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { addDays, type ShopDay } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";

/** How many customers; all else follows. */
export interface Brand {
  customers: number;
  guides: number;
  stores: number;
  children: number;
  orders: number;
}

/** The day of the bench. */
export const today: ShopDay = "2026-06-15";

const days = Array.from({ length: 1_100 }, (_, n) => addDays("2023-06-01", n));

export function brandOf(customers: number): Brand {
  const guides = Math.min(10_000, Math.max(20, Math.ceil(customers / 300)));
  return {
    ...{ customers, guides, stores: Math.ceil(guides * 0.4) },
    ...{ children: Math.ceil(customers * 0.3), orders: Math.ceil(customers * 0.5) },
  };
}

/** All rows of a brand's files. */
export function rowsOf(brand: Brand): number {
  return brand.stores + brand.guides + brand.customers + brand.children + brand.orders;
}

/** 32 characters without order, as external_userids are. */
export function customerId(n: number): string {
  return `wm${createHash("sha256").update(`customer ${n}`).digest("base64url").slice(0, 30)}`;
}

/** The cells of each table's rows, from a seed: the same every time they are asked for. */
export const cellsOf: Record<string, (brand: Brand) => Generator<string[]>> = {
  *stores({ stores }) {
    yield ["store_code", "store_name", "region", "province"];
    for (let n = 0; n < stores; n++) yield [`S${n}`, `第${n}店`, `大区${n % 7}`, `省份${n % 31}`];
  },
  *guides({ guides, stores }) {
    yield ["guide_userid", "guide_name", "store_code", "joined_on"];
    for (let n = 0; n < guides; n++) yield [`g${n}`, `导购${n}`, `S${n % stores}`, "2020-01-01"];
  },
  *customers({ customers, guides }) {
    yield ["external_userid", "name", "guide_userid", "joined_on", "source", "phone"];
    const random = seeded(1);
    for (let n = 0; n < customers; n++)
      yield [
        customerId(n),
        `客户${n}`,
        `g${below(random, guides)}`,
        days[below(random, days.length)] ?? "",
        "门店",
        `13${String(below(random, 1e9)).padStart(9, "0")}`,
      ];
  },
  *children({ customers, children }) {
    yield ["external_userid", "child_no", "name", "born_on", "sex"];
    const random = seeded(2);
    for (let n = 0; n < children; n++)
      yield [
        customerId(Math.floor((n / children) * customers)),
        "1",
        "",
        days[below(random, days.length)] ?? "",
        "girl",
      ];
  },
  // by date, as a till writes them
  *orders({ customers, orders }) {
    yield ["order_no", "external_userid", "ordered_on", "quantity", "amount", "category"];
    const random = seeded(3);
    for (let n = 0; n < orders; n++) {
      const on = days[Math.floor((n / orders) * days.length)] ?? "";
      yield [
        `T${String(n).padStart(9, "0")}`,
        customerId(below(random, customers)),
        on,
        "2",
        "268.00",
        "一段",
      ];
    }
  },
};

/** Writes a brand's five files into a folder. */
export async function writeBrand(folder: string, brand: Brand): Promise<void> {
  for (const [name, cells] of Object.entries(cellsOf)) {
    const file = createWriteStream(join(folder, `${name}.csv`));
    let text = "";
    for (const row of cells(brand)) {
      text += `${row.join(",")}\n`;
      if (text.length < 1 << 18) continue;
      if (!file.write(text)) await once(file, "drain");
      text = "";
    }
    file.end(text);
    await once(file, "finish");
  }
}

const below = (random: () => number, n: number) => Math.floor(random() * n);
