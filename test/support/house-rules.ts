// The house's rules about single files, each a function from a source to what breaks it ("path:line what").
import { unitOf } from "./directions.js";
import { isNode, nodesOf, type Source, type TreeNode } from "./sources.js";

/** What breaks a rule in one file. */
export type Rule = (source: Source) => string[];

/** Libraries that have one home; all else may not name them. */
const homes: { library: RegExp; home: RegExp }[] = [
  {
    library: /^typeorm($|\/)/,
    // a role anywhere in the path: entities.ts, service.ts, import-service.ts, service/plan.ts
    home: /(^migrations\/|^src\/infra\/(columns|migration|store)|(^|[/.-])(entity|entities|services?|query|queries|database|dialect)([/.-]|$))/,
  },
  { library: /^axios($|\/)/, home: /^src\/channels\/wecom\// },
  { library: /^undici($|\/)/, home: /^src\/channels\/wecom\// },
  { library: /^wechaty($|-|\/)/, home: /^src\/channels\/wechaty\// },
  { library: /^handlebars($|\/)/, home: /^src\/infra\/templates/ },
  { library: /^node-cron($|\/)/, home: /^src\/schedule/ },
  { library: /^temporal-polyfill($|\/)/, home: /^src\/kernel\/calendar/ },
  { library: /^(better-sqlite3|mysql2)($|\/)/, home: /^src\/(infra\/|database|sandbox\/state)/ },
  { library: /^bullmq($|\/)/, home: /^src\/infra\/(queue|redis)/ },
  { library: /^(tyme4ts|chinese-days)($|\/)/, home: /^src\/org\/calendar-seeds/ },
  { library: /^(koa|@koa\/.*)$/, home: /^src\/(http|console\/|sandbox\/|.*routes|infra\/)/ },
];

/** Files that hold rules of the trade alone: no library but the calendar's, no entity, no service. */
const pure =
  /^src\/(kernel\/.*|(.*\/)?(triggers|audience(-member)?|stages|life|credit|measures|ranks?|caps|release-rules))\.ts$/;

export const libraryOutOfHome: Rule = ({ path, imports }) =>
  imports.flatMap(({ from, line }) =>
    homes.some(({ library, home }) => library.test(from) && !home.test(path))
      ? [`${path}:${line} ${from}`]
      : [],
  );

export const impurity: Rule = ({ path, imports }) => {
  if (!pure.test(path)) return [];
  return imports.flatMap(({ from, file, line }) => {
    const isWord =
      file !== undefined && !/(entities|service|queries|routes|infra)/.test(file.replace(/^src\//, ""));
    const isKernelOwn = unitOf(path) === "kernel" && ["temporal-polyfill", "node:crypto"].includes(from);
    return isWord || isKernelOwn ? [] : [`${path}:${line} ${from}`];
  });
};

/** Time and chance come from kernel/world alone. */
export const clockRead: Rule = (source) => {
  if (source.path === "src/kernel/world.ts") return [];
  const forbidden = ["Date.now", "Math.random", "performance.now", "Temporal.Now", "process.hrtime"];
  return found(source, (node) => {
    const isBareDate =
      (node.type === "NewExpression" || node.type === "CallExpression") &&
      chainOf(node.callee) === "Date" &&
      (node.type === "CallExpression" || !Array.isArray(node.arguments) || node.arguments.length === 0);
    if (isBareDate) return "Date of this moment";
    const chain = chainOf(node);
    return chain !== undefined && forbidden.includes(chain) ? chain : undefined;
  });
};

export const environmentRead: Rule = (source) =>
  source.path === "src/infra/config.ts" || source.path.startsWith("src/infra/config/")
    ? []
    : found(source, (node) => (chainOf(node) === "process.env" ? "process.env" : undefined));

export const barrel: Rule = (source) =>
  found(source, (node) => {
    const isReExport = node.type === "ExportNamedDeclaration" && isNode(node.source);
    return isReExport || node.type === "ExportAllDeclaration" ? "re-export" : undefined;
  });

export const defaultExport: Rule = (source) =>
  found(source, (node) => (node.type.startsWith("ExportDefault") ? "default export" : undefined));

export const anyType: Rule = (source) =>
  found(source, (node) => (node.type === "TsKeywordType" && node.kind === "any" ? "any" : undefined));

export const synchronizing: Rule = (source) =>
  found(source, (node) => {
    const isOn = isNode(node.value) && node.value.type === "BooleanLiteral" && node.value.value === true;
    return node.type === "KeyValueProperty" && nameOf(node.key) === "synchronize" && isOn
      ? "synchronize: true"
      : undefined;
  });

/** HTTP status codes belong to what speaks HTTP: http, routes, the sandbox and the adapters of chat systems. */
export const httpStatus: Rule = (source) => {
  if (/^src\/(http|main|sandbox\/|channels\/(wecom|wechaty)\/|.*routes|infra\/metrics)/.test(source.path))
    return [];
  return found(source, (node) => {
    const isStatusMember = nameOf(node.property) === "status" || nameOf(node.property) === "statusCode";
    if (node.type === "MemberExpression" && isStatusMember && chainOf(node.object) === "ctx")
      return "ctx.status";
    const name = node.type === "KeyValueProperty" ? nameOf(node.key) : undefined;
    const isCode = (name === "status" || name === "statusCode") && isHttpCode(node.value);
    if (isCode) return `${name}: an HTTP code`;
    const isThrow = node.type === "CallExpression" && chainOf(node.callee) === "ctx.throw";
    return isThrow ? "ctx.throw" : undefined;
  });
};

/** No drawer for what nobody found a word for. */
export const drawer: Rule = ({ path }) =>
  /(^|[/-])(utils?|common|helpers?|types|misc|shared)(\/|\.ts$)/.test(path) ? [path] : [];

export const longFile: Rule = ({ path, text }) => {
  const lines = text.trimEnd().split("\n").length;
  return lines > 250 ? [`${path}: ${lines} lines`] : [];
};

export const longFunction: Rule = (source) =>
  found(source, (node) => {
    const isFunction =
      ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression", "ClassMethod"].includes(
        node.type,
      ) || ["Constructor", "PrivateMethod", "MethodProperty"].includes(node.type);
    const lines = isFunction ? source.linesOf(node) : 0;
    return lines > 45 ? `a function of ${lines} lines` : undefined;
  });

/** A first line that says what the file is for. */
export const noPurpose: Rule = ({ path, text }) => (/^(#!.*\n)?\/\/ \S/.test(text) ? [] : [path]);

function found(source: Source, judge: (node: TreeNode) => string | undefined): string[] {
  const offences: string[] = [];
  for (const node of nodesOf(source.tree)) {
    const offence = judge(node);
    if (offence) offences.push(`${source.path}:${source.lineOf(node)} ${offence}`);
  }
  return offences;
}

/** "process.env" of such a member expression, "Date" of that name; undefined of anything more involved. */
function chainOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Identifier") return String(node.value);
  if (node.type !== "MemberExpression") return undefined;
  const object = chainOf(node.object)?.replace(/^globalThis\./, "");
  return object === undefined ? undefined : `${object}.${nameOf(node.property) ?? "?"}`;
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && (node.type === "Identifier" || node.type === "StringLiteral")
    ? String(node.value)
    : undefined;
}

function isHttpCode(node: unknown): boolean {
  return (
    isNode(node) && node.type === "NumericLiteral" && Number(node.value) >= 200 && Number(node.value) < 600
  );
}
