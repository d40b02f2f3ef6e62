// A touchpoint's page: what is wrong leads to its field, a variable there is none of is said beside the phone.
import { describeOnEachDatabase } from "../../support/databases.js";
import { type DeskHouse, openDeskHouse } from "../../support/desk-house.js";

const touchpoint = { key: "a", name: "问候", after: "joined", days: 3, send: "page", words: "您好" };
const form = { was: "a", key: "a", name: "问候", anchor: "joined", direction: "after", n: "3", unit: "days" };

describeOnEachDatabase("a touchpoint's page", (store) => {
  let house: DeskHouse;
  let hq: Awaited<ReturnType<DeskHouse["as"]>>;
  beforeEach(async () => {
    house = await openDeskHouse(store(), "2026-03-09");
    await house.account("hq", "hq");
    await house.services.drafts.save("care", { key: "care", name: "关怀", touchpoints: [touchpoint] }, "hq");
    hq = await house.as("hq");
  });
  afterEach(() => house.close());
  const preview = async (words: string, more: object = {}) =>
    (await hq.tap("/journeys/care/draft/preview", { ...form, words, ...more })).text;

  test("a claim that may not be made stands at its words, and the list above leads there", async () => {
    const page = await hq.post("/journeys/care/draft/put", { ...form, force: "1", words: "全网第一的奶粉" });
    expect(page.status).toBe(422);
    expect(page.text).toMatch(/<li data-for="words"><a href="#fault-words">[^<]*绝对化用语/);
    expect(page.text).toMatch(/id="fault-words">[^<]*绝对化用语/);
    expect(page.text).toMatch(/<textarea[^>]*aria-describedby="fault-words words-check"/);
  });

  test("a variable there is none of is named beside the phone, with those there are", async () => {
    for (const mode of ["customer", "worst"]) {
      const said = await preview("宝宝{{babyNmae}}好", { preview_mode: mode });
      expect(said).toContain("没有这个变量：babyNmae");
      expect(said).toMatch(/可用的有：.*宝宝小名 <code>\{\{child\.name\}\}<\/code>/);
      expect(said).not.toContain("每一种情况都说得通");
    }
    expect(await preview("宝宝{{#if child.name}}好")).toContain("错在哪里写在话术下面");
    expect(await preview("您好")).not.toContain("preview-broken");
  });

  test("says that what is typed keeps itself, but not before the touchpoint is there", async () => {
    expect((await hq.get("/journeys/care/draft/t/a")).text).toContain("点到别处，就自动保存到草稿");
    expect((await hq.get("/journeys/care/draft/new")).text).toContain("先按「保存」放进草稿");
  });
});
