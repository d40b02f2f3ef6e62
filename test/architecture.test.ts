// Keeps the house in order: who imports whom, where libraries live, what no file may do. Each rule is shown to bite.
import { circles, wrongWays } from "./support/directions.js";
import * as rules from "./support/house-rules.js";
import { parseSource, readSources } from "./support/sources.js";

const sources = readSources("src", "migrations");

/** Each rule with a file that breaks it and one that looks alike and does not. */
const samples: [
  rule: string,
  judge: rules.Rule,
  bad: [path: string, text: string],
  good: [path: string, text: string],
][] = [
  [
    "no import against the order",
    wrongWays,
    ["src/org/service.ts", 'import { life } from "../tasks/life.js";'],
    [
      "src/tasks/service.ts",
      'import { Guide } from "../org/entities.js";\nimport { life } from "./life.js";',
    ],
  ],
  [
    "tasks alone may name channels",
    wrongWays,
    ["src/channels/port.ts", 'import type { Guide } from "../org/entities.js";'],
    ["src/tasks/sending.ts", 'import type { Channel } from "../channels/port.js";'],
  ],
  [
    "reports do not know channels",
    wrongWays,
    ["src/reports/service.ts", 'import type { Channel } from "../channels/port.js";'],
    ["src/reports/service.ts", 'import { life } from "../tasks/life.js";'],
  ],
  [
    "the sandbox knows only the kernel and the crypto",
    wrongWays,
    ["src/sandbox/server.ts", 'const client = await import("../channels/wecom/client.js");'],
    ["src/sandbox/server.ts", 'import { encrypt } from "../channels/wecom/crypto.js";'],
  ],
  [
    "only wire, cli, demo and tests know the sandbox",
    wrongWays,
    ["src/http.ts", 'import { startSandbox } from "./sandbox/server.js";'],
    ["src/wire.ts", 'import { startSandbox } from "./sandbox/server.js";'],
  ],
  [
    "migrations know only infra",
    wrongWays,
    ["migrations/1-a.ts", 'import { Task } from "../src/tasks/entities.js";'],
    ["migrations/1-a.ts", 'import { dialectOf } from "../src/infra/dialect.js";'],
  ],
  [
    "every folder has a place in the order",
    wrongWays,
    ["src/billing/service.ts", ""],
    ["src/demo/brand.ts", 'import { wire } from "../wire.js";'],
  ],
  [
    "no barrel",
    rules.barrel,
    ["src/org/a.ts", 'export * from "./b.js";\nexport { c } from "./c.js";'],
    ["src/org/a.ts", "const a = 1;\nexport { a };"],
  ],
  [
    "no default export",
    rules.defaultExport,
    ["src/org/a.ts", "export default class A {}"],
    ["src/org/a.ts", "export class A { default = 1; }"],
  ],
  [
    "no clock or chance outside kernel/world",
    rules.clockRead,
    [
      "src/org/a.ts",
      "const a = f(x, Date.now());\nnew Date();\n[Math.random()];\nperformance.now();\nTemporal.Now.instant();",
    ],
    ["src/org/a.ts", "// Date.now()\nconst a = new Date(ms), b = world.now(), c = 'Math.random';"],
  ],
  [
    "no environment outside infra/config",
    rules.environmentRead,
    ["src/org/a.ts", "const { HOME } = process.env;"],
    ["src/infra/config.ts", "const { HOME } = process.env;"],
  ],
  [
    "no HTTP status in services",
    rules.httpStatus,
    ["src/org/service.ts", "ctx.status = 404;\nreply({ status: 403 });\nctx.throw(400);"],
    ["src/org/service.ts", 'const a = { status: "paid", size: 500 }; task.status = "sent";'],
  ],
  [
    "every library in its home",
    rules.libraryOutOfHome,
    ["src/tasks/life.ts", 'import { Entity } from "typeorm";\nimport axios from "axios";'],
    ["src/tasks/entities.ts", 'import { Entity } from "typeorm";\nimport { z } from "zod";'],
  ],
  [
    "pure files name no library and nothing stored",
    rules.impurity,
    ["src/tasks/life.ts", 'import { z } from "zod";\nimport type { Task } from "./entities.js";'],
    ["src/tasks/life.ts", 'import { addDays } from "../kernel/calendar.js";'],
  ],
  [
    "no any",
    rules.anyType,
    ["src/org/a.ts", "const a: any = 1;\nf(b as any);\nfunction c(d: Array<any>) {}"],
    ["src/org/a.ts", "// any\nconst any = 'any';"],
  ],
  [
    "no synchronize",
    rules.synchronizing,
    ["src/database.ts", "new DataSource({ synchronize: true });"],
    ["src/database.ts", "new DataSource({ synchronize: false });"],
  ],
  ["no drawer", rules.drawer, ["src/org/utils.ts", ""], ["src/org/anchor-types-of-customers.ts", ""]],
  [
    "no file over 250 lines",
    rules.longFile,
    ["src/org/a.ts", "f();\n".repeat(251)],
    ["src/org/a.ts", "f();\n".repeat(250)],
  ],
  [
    "no function over 45 lines",
    rules.longFunction,
    ["src/org/a.ts", `// 导购\nconst a = { async b() {\n${"f();\n".repeat(44)}} };`],
    ["src/org/a.ts", `// 导购\nconst a = { async b() {\n${"f();\n".repeat(43)}} };`],
  ],
  [
    "every file says first what it is for",
    rules.noPurpose,
    ["src/org/a.ts", 'import { b } from "./b.js";'],
    ["src/org/a.ts", "// What an a is.\n"],
  ],
];

describe.each(samples)("%s", (_rule, judge, bad, good) => {
  it("holds in every file", () => {
    expect(sources.flatMap(judge)).toEqual([]);
  });

  it("catches what breaks it, every time it does", () => {
    const [path, text] = bad;
    const lines = text.includes("\n") && judge !== rules.longFile && judge !== rules.longFunction;
    expect(judge(parseSource(path, text)).length).toBeGreaterThanOrEqual(lines ? text.split("\n").length : 1);
  });

  it("leaves alone what only looks like it", () => {
    expect(judge(parseSource(...good))).toEqual([]);
  });
});

describe("no circle of imports", () => {
  it("holds over all files", () => {
    expect(circles(sources)).toEqual([]);
  });

  it("finds a circle, also one of types", () => {
    const files: [string, string][] = [
      ["src/a.ts", 'import { b } from "./b.js";'],
      ["src/b.ts", 'import type { C } from "./c.js";'],
      ["src/c.ts", 'import { b } from "./b.js";'],
      ["src/d.ts", 'import { b } from "./b.js";'],
    ];
    expect(circles(files.map(([path, text]) => parseSource(path, text)))).toEqual([
      "src/b.ts → src/c.ts → src/b.ts",
    ]);
  });
});

it("reads the sources there are", () => {
  expect(sources.length).toBeGreaterThan(3);
  expect(sources.map(({ path }) => path)).toContain("src/kernel/calendar.ts");
});
