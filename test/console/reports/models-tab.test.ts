// The tab 模型: its sentences call models as its tables do, in either language.
import { join } from "node:path";
import { withModelNames } from "../../../src/console/reports/models-tab.js";
import { projectRoot } from "../../../src/infra/config.js";
import { loadMessages } from "../../../src/infra/messages.js";
import { chosen } from "../../../src/models/choosing.js";

const rated = (name: "recency" | "rhythm" | "pareto_nbd", auc: number, degenerate: string | null = null) => ({
  ...{ name, auc, degenerate },
});

test.each([
  [0.7, "最好的 自己的节奏 AUC 0.7000，", "The best, Own rhythm, has AUC 0.7000,"],
  [0.8, "自己的节奏 的 AUC 0.8000，", "Own rhythm has AUC 0.8000,"],
])("why a model is served, at an AUC of %d", (auc, chinese, english) => {
  const models = [
    rated("recency", 0.7),
    rated("rhythm", auc),
    rated("pareto_nbd", Number.NaN, "没有人买过第二次"),
  ];
  const said = withModelNames(chosen(models, { buyers: 90, others: 90 }).why);
  expect(said.startsWith(chinese)).toBe(true);
  expect(said).toContain("未参选：Pareto/NBD（");
  expect(loadMessages(join(projectRoot, "templates/messages")).say("en", said).startsWith(english)).toBe(
    true,
  );
});
