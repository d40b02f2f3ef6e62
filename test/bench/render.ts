// Rendering at the reference size: a day's words from the product's compiled templates, beside plain concatenation.
import { compileMessage, type WordsContext, wordsFor } from "../../src/journeys/words.js";
import { addDays } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";
import * as harness from "./harness.js";

const sizes: Record<harness.Mode, number> = { full: 300_000, ci: 30_000 };
const rounds = 5;
const today = "2026-03-02";

const source = `{{customer.name}}您好，我是{{store.name}}的{{guide.name}}。{{child.name}}今天满{{months}}个月啦，宝宝出生在{{date child.born_on}}，
这个阶段可以多陪宝宝做趴卧和抓握练习，白天清醒时每次几分钟就好。如果最近添加辅食或喝奶有什么变化，随时告诉我，我来帮您记录和参考。`;

/** The bench. */
export const bench: harness.Bench = {
  name: "render",
  run: async (mode, out) => {
    const bars = harness.bars(mode, out);
    const memory = harness.watchMemory();
    const contexts = contextsOf(sizes[mode]);
    const words = compileMessage(source);
    // a hundred times as slow, so a hundredth of them
    const few = contexts.slice(0, contexts.length / 100);
    let bytes = 0;
    const each = (list: readonly WordsContext[], say: (context: WordsContext) => string) => async () => {
      bytes = 0;
      for (const context of list) bytes += Buffer.byteLength(say(context));
    };
    const rendered = (context: WordsContext) => {
      const said = words.render(wordsFor(context, words.variables));
      if (!("text" in said)) throw new Error(`no value for ${said.missing.join(", ")}`);
      return said.text;
    };
    const compiled = (context: WordsContext) => {
      const own = compileMessage(source);
      const said = own.render(wordsFor(context, own.variables));
      return "text" in said ? said.text : "";
    };
    const first = contexts[0];
    if (!first || rendered(first) !== plain(first)) throw new Error("the two ways do not say the same");
    const ms = await harness.medianOfRounds(rounds, {
      plain: each(contexts, plain),
      rendered: each(contexts, rendered),
      compiled: async () => {
        const { ms } = await harness.timed(each(few, compiled));
        return ms * 100;
      },
    });
    const rate = (time: number) => (contexts.length * 1000) / time;
    out(
      `${harness.round(contexts.length)} messages of ${Math.round(bytes / few.length)} bytes, 6 variables, ` +
        `medians of ${rounds} interleaved rounds, one core, bytes counted.`,
    );
    harness.table(
      out,
      ["way", "messages a second", "× plain"],
      [
        ["plain concatenation of ready values", rate(ms.plain), 1],
        ["values found, template rendered", rate(ms.rendered), ms.rendered / ms.plain],
        ["the same, compiled for each message", rate(ms.compiled), ms.compiled / ms.plain],
      ],
    );
    bars.atLeast("messages rendered", rate(ms.rendered), 30_000, "/s");
    bars.atMost("compiled once ÷ compiled each time", ms.rendered / ms.compiled, 0.2, "×");
    out(`\nPeak memory: ${harness.round(memory.peak())} MB.`);
    memory.stop();
    return bars.kept();
  },
};

function contextsOf(n: number): WordsContext[] {
  const random = seeded(20260302);
  return Array.from({ length: n }, (_, at) => ({
    ...{ today, dueOn: today, anchorOn: "2025-09-02" },
    customer: { name: `客户${at}`, phone: null, birthday: null, level: null, brandPreference: null },
    child: { name: `豆豆${at % 97}`, bornOn: addDays("2025-09-02", -Math.floor(random() * 20)), dueOn: null },
    children: [{ name: `豆豆${at % 97}`, bornOn: "2025-09-02", dueOn: null }],
    guide: { name: `导购${at % 10_000}` },
    store: { name: `第${at % 4_000}店` },
    ...{ firstOrderOn: null, lastOrder: null },
  }));
}

/** What the template says, by hand. */
function plain({ customer, store, guide, child }: WordsContext): string {
  const [, month = "", day = ""] = (child?.bornOn ?? "").split("-");
  return `${customer.name}您好，我是${store.name}的${guide.name}。${child?.name}今天满6个月啦，宝宝出生在${+month}月${+day}日，
这个阶段可以多陪宝宝做趴卧和抓握练习，白天清醒时每次几分钟就好。如果最近添加辅食或喝奶有什么变化，随时告诉我，我来帮您记录和参考。`;
}
