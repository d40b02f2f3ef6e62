// What words may be written with: a walk over their syntax tree that lets through only what is on the list.
import type { Fault } from "../kernel/refusals.js";

/** What a variable holds; helpers say which of these they take. */
export type WordType = "text" | "date" | "number";

/** A pure function words may call. It never sees an absent value. */
export interface WordsHelper {
  takes: readonly WordType[];
  /** how many of `takes` may be left out, counted from the end */
  optional?: number;
  gives: WordType;
  /** undefined: cannot be said of these values, which then counts as absent */
  run(...args: (string | number)[]): string | number | undefined;
}

/** What words may speak of, and their place for faults. */
export interface WordsLanguage {
  variables: ReadonlyMap<string, WordType>;
  helpers: ReadonlyMap<string, WordsHelper>;
  where: string;
}

/** What the words say whatever the values, a `□` standing for each value. */
export interface Wording {
  text: string;
  /** the 1-based line in the source of a position in `text` */
  lineAt(position: number): number;
}

interface Said {
  /** undefined after a fault, so that one mistake is told once */
  type: WordType | undefined;
  names: string[];
  node: hbs.AST.Node;
}

type Call = hbs.AST.MustacheStatement | hbs.AST.SubExpression;

const ALLOWED = "text, {{variable}}, {{helper variable}}, {{#if variable}} or {{#unless variable}}";
const REFUSED: Record<string, string> = {
  PartialStatement: "{{> …}}",
  PartialBlockStatement: "{{#> …}}",
  Decorator: "{{* …}}",
  DecoratorBlock: "{{#* …}}",
};

/** One walk over words already parsed. Afterwards `faults` tells all that is not allowed in them. */
export class WordsWalk {
  readonly faults: Fault[] = [];
  /** in order of first use */
  readonly variables = new Set<string>();
  /** for each helper, the variables that go through it */
  readonly through = new Map<string, Set<string>>();
  private readonly pieces: { text: string; line: number }[] = [];

  constructor(
    program: hbs.AST.Program,
    private readonly language: WordsLanguage,
  ) {
    this.program(program);
  }

  wording(): Wording {
    const pieces = this.pieces;
    const lineAt = (position: number) => {
      let left = position;
      for (const { text, line } of pieces) {
        if (left < text.length) return line + lineEnds(text.slice(0, left));
        left -= text.length;
      }
      return pieces.at(-1)?.line ?? 1;
    };
    return { text: pieces.map((piece) => piece.text).join(""), lineAt };
  }

  private program(program: hbs.AST.Program | undefined): void {
    if (!program) return;
    if (program.blockParams?.length) this.fault(program, "no block parameters (as |…|)");
    for (const statement of program.body) this.statement(statement);
  }

  private statement(node: hbs.AST.Statement): void {
    if (node.type === "ContentStatement") this.content(node as hbs.AST.ContentStatement);
    else if (node.type === "MustacheStatement") this.mustache(node as hbs.AST.MustacheStatement);
    else if (node.type === "BlockStatement") this.block(node as hbs.AST.BlockStatement);
    else if (node.type !== "CommentStatement") this.fault(node, ALLOWED, REFUSED[node.type] ?? node.type);
  }

  private content(node: hbs.AST.ContentStatement): void {
    // white space before `value` may have been stripped, line ends with it
    const original = String(node.original);
    const stripped = original.slice(0, original.indexOf(node.value));
    this.piece(node.value, node.loc.start.line + lineEnds(stripped));
  }

  private mustache(node: hbs.AST.MustacheStatement): void {
    if (!node.escaped) this.fault(node, "two braces: {{…}}");
    this.piece("□", node.loc.start.line);
    const path = node.path as hbs.AST.PathExpression;
    const alone = node.params.length === 0 && !node.hash && path.type === "PathExpression";
    if (alone && !this.isHelper(path)) this.variable(path);
    else this.call(node);
    this.piece("□", node.loc.start.line);
  }

  private block(node: hbs.AST.BlockStatement): void {
    const name = String(node.path.original);
    if (name !== "if" && name !== "unless") this.fault(node.path, "{{#if …}} or {{#unless …}}", name);
    else if (node.params.length !== 1 || node.hash) this.fault(node.path, `{{#${name} …}} with one variable`);
    for (const param of node.params) this.expression(param);
    this.program(node.program);
    this.piece("□", node.loc.start.line);
    this.program(node.inverse);
  }

  private expression(node: hbs.AST.Expression): Said {
    if (node.type === "PathExpression") return this.variable(node as hbs.AST.PathExpression);
    if (node.type === "SubExpression") return this.call(node as hbs.AST.SubExpression);
    if (node.type === "NumberLiteral") return { type: "number", names: [], node };
    if (node.type === "StringLiteral") {
      this.piece((node as hbs.AST.StringLiteral).value, node.loc.start.line);
      return { type: "text", names: [], node };
    }
    this.fault(node, 'a variable, a number or a "text"', node.type);
    return { type: undefined, names: [], node };
  }

  private variable(node: hbs.AST.PathExpression): Said {
    const name = plainName(node);
    const type = name === undefined ? undefined : this.language.variables.get(name);
    if (name === undefined || type === undefined) {
      const known = [...this.language.variables.keys()].join(", ");
      this.fault(node, `a known variable (${known})`, node.original);
      return { type: undefined, names: [], node };
    }
    this.variables.add(name);
    return { type, names: [name], node };
  }

  private call(node: Call): Said {
    const path = node.path as hbs.AST.PathExpression;
    const args = node.params.map((param) => this.expression(param));
    const names = args.flatMap((arg) => arg.names);
    if (node.hash) this.fault(node.hash, "no named arguments (name=…)");
    if (path.type !== "PathExpression" || !this.isHelper(path)) {
      const known = ["default", ...this.language.helpers.keys()].join(", ");
      this.fault(path, `a known helper (${known})`, String(path.original));
      return { type: undefined, names, node };
    }
    const helper = this.language.helpers.get(path.original);
    if (!helper) {
      if (args.length < 2) this.fault(path, 'two arguments: {{default variable "text"}}');
      return { type: args[0]?.type, names, node };
    }
    this.checkArguments(path, helper, args);
    this.through.set(path.original, new Set([...(this.through.get(path.original) ?? []), ...names]));
    return { type: helper.gives, names, node };
  }

  private checkArguments(path: hbs.AST.PathExpression, helper: WordsHelper, args: Said[]): void {
    const most = helper.takes.length;
    const least = most - (helper.optional ?? 0);
    if (args.length < least || args.length > most) {
      const count = least === most ? `${most}` : `${least} to ${most}`;
      this.fault(path, `${count} argument(s) for ${path.original}: ${helper.takes.join(", ")}`);
    }
    for (const [index, arg] of args.entries()) {
      const wanted = helper.takes[index];
      if (wanted && arg.type && wanted !== arg.type)
        this.fault(arg.node, `a ${wanted} for ${path.original}, not a ${arg.type}`, originalOf(arg.node));
    }
  }

  private isHelper(path: hbs.AST.PathExpression): boolean {
    const name = plainName(path);
    return name !== undefined && (name === "default" || this.language.helpers.has(name));
  }

  private piece(text: string, line: number): void {
    this.pieces.push({ text, line });
  }

  private fault(node: hbs.AST.Node, expected: string, value?: string): void {
    const { line, column } = node.loc.start;
    const place = { where: this.language.where, line, column: column + 1 };
    this.faults.push(value === undefined ? { ...place, expected } : { ...place, value, expected });
  }
}

/** The name of a path written plainly (`a.b`); undefined for @data, ../, this, a/b and [a b]. */
function plainName(path: hbs.AST.PathExpression): string | undefined {
  if (path.data || path.depth > 0 || path.parts.join(".") !== path.original) return undefined;
  return path.parts.every((part) => /^\w+$/.test(part)) ? path.original : undefined;
}

function originalOf(node: hbs.AST.Node): string {
  return "original" in node ? String(node.original) : node.type;
}

function lineEnds(text: string): number {
  return text.split("\n").length - 1;
}
