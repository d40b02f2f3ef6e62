// A YAML file read value by value with its place, gathering every fault instead of stopping at the first.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import type { Fault } from "../kernel/refusals.js";
import { nodeAt, pathsIn, said } from "./yaml-places.js";

/** What a text must be. */
export interface TextRule {
  expected: string;
  pattern?: RegExp;
  required?: boolean;
}

/** A text and the lines it stands on. */
export interface PlacedText {
  text: string;
  /** the file's 1-based line of the text's nth line */
  lineOf(line: number): number;
  /** of plain data the path to the text, whose own lines these are */
  field?: string;
}

/** What a check of plain data gives: the value, or what is wrong where inside it. */
export type Checked<T> =
  | { value: T }
  | { faults: readonly { path: readonly (string | number)[]; isKey: boolean; expected: string }[] };

/** One file: its faults, and the map at its top (undefined when there is none). */
export class YamlFile {
  readonly faults: Fault[] = [];
  readonly top: YamlMap | undefined;
  private readonly lines = new LineCounter();
  private readonly document: Document;
  /** of plain data: where each value stands */
  private readonly paths: ReadonlyMap<unknown, string>;

  /** `data`: the text is plain data as JSON, whose faults name the path to the value instead of a line. */
  constructor(
    readonly name: string,
    text: string,
    readonly written: "file" | "data" = "file",
  ) {
    const document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    this.document = document;
    for (const { pos, message } of [...document.errors, ...document.warnings])
      this.faults.push({
        where: name,
        ...this.place(pos[0]),
        expected: `YAML that can be read (${message})`,
      });
    visit(document, {
      Alias: (_key, alias) => {
        if (!alias.resolve(document)) this.fault(alias, "an alias of something above", `*${alias.source}`);
      },
    });
    this.paths = written === "data" ? pathsIn(document) : new Map();
    const node = this.resolve(document.contents);
    if (isMap(node)) this.top = new YamlMap(this, node);
    else if (this.faults.length === 0)
      this.faults.push({ where: name, line: 1, expected: "key: value pairs" });
  }

  fault(node: Node | null, expected: string, value?: string): void {
    const field = this.fieldOf(node);
    const place = {
      where: this.name,
      ...(field === undefined ? this.place(node?.range?.[0] ?? 0) : { field }),
    };
    this.faults.push(value === undefined ? { ...place, expected } : { ...place, value, expected });
  }

  /** `touchpoints.0.days` of plain data; undefined in a file. */
  fieldOf(node: Node | null): string | undefined {
    return this.written === "data" ? (this.paths.get(node) ?? "") : undefined;
  }

  lineOf(node: Node): number {
    return this.place(node.range?.[0] ?? 0).line;
  }

  /** The node an alias (*name) stands for; any other as it is. */
  resolve(node: unknown): Node | null {
    return isAlias(node) ? (node.resolve(this.document) ?? null) : (node as Node | null);
  }

  /** A node's value as plain data. */
  plain(node: Node): unknown {
    return node.toJS(this.document);
  }

  private place(offset: number): { line: number; column: number } {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** A map inside a file. Every reader gives undefined where the value is absent, or wrong and so a fault. */
export class YamlMap {
  constructor(
    private readonly file: YamlFile,
    private readonly source: YAMLMap,
  ) {}

  /** A fault for every key that is not one of these. */
  only(keys: readonly string[]): void {
    for (const { key } of this.source.items) {
      const name = isScalar(key) ? String(key.value) : "?";
      if (!keys.includes(name)) this.file.fault(key as Node, `one of the keys ${keys.join(", ")}`, name);
    }
  }

  has(key: string): boolean {
    return this.source.has(key);
  }

  keys(): string[] {
    return this.source.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []));
  }

  /** A fault at a key's value, or where the map begins when the key is not there. */
  fault(key: string | null, expected: string): void {
    const node = key === null ? null : this.node(key);
    this.file.fault(node ?? this.source, expected, node ? said(node) : undefined);
  }

  text(key: string, rule: TextRule): string | undefined {
    const node = this.node(key);
    if (!node) {
      if (rule.required) this.file.fault(this.source, `${key}: ${rule.expected}`);
      return undefined;
    }
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === "string" && value.trim() !== "" && (rule.pattern?.test(value) ?? true)) return value;
    this.file.fault(node, rule.expected, said(node));
    return undefined;
  }

  /** A text with its lines: a block after `|` keeps them, all other ways of writing stand for one place. */
  placed(key: string, expected: string): PlacedText | undefined {
    const text = this.text(key, { expected });
    const node = this.node(key);
    if (text === undefined || !node) return undefined;
    const field = this.file.fieldOf(node);
    if (field !== undefined) return { text, lineOf: (line) => line, field };
    const start = this.file.lineOf(node);
    const isBlock = isScalar(node) && node.type === "BLOCK_LITERAL";
    return { text, lineOf: (line) => (isBlock ? start + line : start) };
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const found = this.text(key, {
      expected: `one of ${choices.join(", ")}`,
      pattern: new RegExp(`^(${choices.join("|")})$`),
    });
    return found as T | undefined;
  }

  whole(key: string, least: number, most: number): number | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    this.file.fault(node, `a whole number from ${least} to ${most}`, said(node));
    return undefined;
  }

  /** true or false. */
  truth(key: string): boolean | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === "boolean") return value;
    this.file.fault(node, "true or false", said(node));
    return undefined;
  }

  /** A list of scalars, or one alone, as they were written: 618 is the text "618". */
  written(key: string): string[] | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    return isSeq(node) ? node.items.map((item) => said(this.file.resolve(item) as Node)) : [said(node)];
  }

  /** A list of texts, or one text alone, without repetition. */
  texts(key: string): string[] | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    const items = isSeq(node) ? node.items.map((item) => this.file.resolve(item)) : [node];
    const values = items.map((item) => (isScalar(item) ? item.value : undefined));
    if (values.length > 0 && values.every((value) => typeof value === "string" && value.trim() !== ""))
      return [...new Set(values as string[])];
    this.file.fault(node, "a list of texts, [a, b]", said(node));
    return undefined;
  }

  /** A value of any shape (of no key the map itself), by a check of plain data; each of its faults stands where its path
   *  leads. */
  checked<T>(key: string | null, check: (value: unknown) => Checked<T>): T | undefined {
    const node = key === null ? this.source : this.node(key);
    if (!node) return undefined;
    const checked = check(this.file.plain(node));
    if ("value" in checked) return checked.value;
    for (const { path, isKey, expected } of checked.faults) {
      const at = nodeAt(node, path, isKey, (one) => this.file.resolve(one)) ?? node;
      this.file.fault(at, expected, said(at));
    }
    return undefined;
  }

  map(key: string): YamlMap | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    if (isMap(node)) return new YamlMap(this.file, node);
    this.file.fault(node, "key: value pairs", said(node));
    return undefined;
  }

  /** The maps of a list; an entry that is none is a fault. */
  maps(key: string): YamlMap[] | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    if (!isSeq(node) || node.items.length === 0) {
      this.file.fault(node, "a list with at least one entry", said(node));
      return undefined;
    }
    return node.items.flatMap((item) => {
      const entry = this.file.resolve(item);
      if (isMap(entry)) return [new YamlMap(this.file, entry)];
      this.file.fault(entry ?? node, "key: value pairs", entry ? said(entry) : undefined);
      return [];
    });
  }

  private node(key: string): Node | null {
    return this.file.resolve(this.source.get(key, true) ?? null);
  }
}
