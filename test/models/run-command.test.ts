// guidepost models run: a brand comes in, a night is done by hand, and everybody's days stand there.
import { addDays } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";
import { freshFolder } from "../support/folders.js";
import { quietly, run } from "../support/program.js";

test("prints how each model ranks customers, and a second night has nothing to do", async () => {
  const random = seeded(17);
  const people = Array.from({ length: 180 }, (_, n) => `c${n}`);
  const orders = people.flatMap((id, n) => {
    const lines: string[] = [];
    const end = n % 3 === 0 ? 150 + Math.floor(random() * 100) : 365;
    for (let day = Math.floor(random() * 60); day < end; day += 15 + Math.floor(random() * 30))
      lines.push(`${id}-${lines.length},${id},${addDays("2025-01-01", day)},2,婴幼儿奶粉,1段`);
    return lines;
  });
  const folder = freshFolder({
    "stores.csv": ["store_code,store_name,大区", "S1,一店,华东"],
    "guides.csv": ["guide_userid,guide_name,store_code", "lan,兰兰,S1"],
    "customers.csv": [
      "external_userid,guide_userid,joined_on",
      ...people.map((id) => `${id},lan,2025-01-01`),
    ],
    "orders.csv": ["order_no,external_userid,ordered_on,quantity,category,subcategory", ...orders],
  });
  const env = quietly(folder.path);
  const night = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(["models", "run", ...args], env);
    expect([code, stderr]).toEqual([0, ""]);
    return stdout;
  };
  try {
    expect((await run(["import", folder.path], env)).code).toBe(0);
    const first = await night();
    expect(first).toMatch(/^重新学习：\n/);
    for (const name of ["recency", "rhythm", "bg_nbd", "pareto_nbd", "nbd"])
      expect(first).toMatch(new RegExp(`\\n[* ] ${name} +AUC [01]\\.\\d{4}`));
    expect(first).toMatch(/\n推算了 180 位客户，[1-9]\d* 处日期变化。\n$/);
    const told = JSON.parse(await night("--json"));
    expect(told).toMatchObject({ learned: false, customers: 0, anchors: 0 });
    expect(told.tried).toHaveLength(5);
  } finally {
    folder.drop();
  }
});
