// A journey as a YAML file: read whole into a JourneySpec, or refused with every fault's file, line and what was expected.
import { posix } from "node:path";
import type { Words } from "../infra/templates.js";
import { type Fault, Refusal } from "../kernel/refusals.js";
import type { DayNames } from "../org/calendar-rules.js";
import { type ReadFile, readAttachments, readBeside } from "./attachment-file.js";
import type { Audience } from "./audience.js";
import { checkAudience } from "./audience-schema.js";
import type { ClaimsCheck } from "./claims.js";
import { EXPERIMENT_KEYS, readExperiment, readHoldOut, readVariants } from "./experiment-file.js";
import { readForm } from "./outcome-form.js";
import { readTrigger, TRIGGER_KEYS } from "./read-trigger.js";
import {
  GRACE_DAYS,
  type JourneySpec,
  PRIORITIES,
  type TouchpointSpec,
  type Trigger,
  URGENT_REPLY,
  WAYS,
  type Way,
} from "./spec.js";
import { ASKABLE, type Askable, compileMessage, personal } from "./words.js";
import { YamlFile, type YamlMap } from "./yaml-reader.js";

/** Reads a file of words by its path inside the journey's folder; `fault` is what was expected instead. */
export type ReadWords = (path: string) => { text: string } | { fault: string };

/** A journey's file before it is read: its path as the reader will see it in faults, and what lies beside it. */
export interface JourneySource {
  name: string;
  text: string;
  /** plain data as JSON: faults name the path to a value instead of its line */
  written?: "data";
  readWords: ReadWords;
  /** absent: nothing but words lies beside it */
  readFile?: ReadFile;
  /** the days of the calendar that touchpoints may wait for by name; absent: none */
  dayNames?: DayNames;
}

/** What one text message may weigh in UTF-8 (WeCom, add_msg_template, text.content). */
export const MESSAGE_BYTES = 4000;

const KEY = { pattern: /^[a-z0-9][a-z0-9-]{0,63}$/, expected: "1 to 64 of a-z, 0-9 and -" };
const NAME = { pattern: /^[^\n]{1,60}$/, expected: "a name of 1 to 60 characters" };
const TIME = { pattern: /^([01]\d|2[0-3]):[0-5]\d$/, expected: 'a time "HH:MM"' };

/** What a touchpoint says besides when it falls due. */
export const CONTENT_KEYS = [
  ...[
    "key",
    "name",
    "at",
    "priority",
    "send",
    "automatic",
    "audience",
    "words",
    "attachments",
    "form",
    "ask",
  ],
  ...EXPERIMENT_KEYS,
];

/** Reads a journey with the defaults filled in; `files` takes the bytes of what it encloses, by their digests. Raises
 *  one Refusal that lists every fault. */
export function parseJourney(
  source: JourneySource,
  claims: ClaimsCheck,
  files = new Map<string, Buffer>(),
): JourneySpec {
  return parseWhole({ source, claims, files }, readJourney);
}

/** Reads a file from its top down by `read`; raises one Refusal with all that it found at fault. */
export function parseWhole<T>(
  { source, claims, files }: Omit<Reading, "faults">,
  read: (top: YamlMap, reading: Reading) => T,
): T {
  const file = new YamlFile(source.name, source.text, source.written);
  const whole = file.top && read(file.top, { source, claims, files, faults: file.faults });
  if (whole === undefined || file.faults.length > 0) {
    const faults = file.faults.sort((a, b) => inOrder(a, b, source.name));
    throw new Refusal("invalid", `${source.name} 有错，没有采用。`, faults);
  }
  return whole;
}

/** What reading one file has at hand. */
export interface Reading {
  source: JourneySource;
  claims: ClaimsCheck;
  faults: Fault[];
  files: Map<string, Buffer>;
}

function readJourney(top: YamlMap, reading: Reading): JourneySpec {
  top.only(["key", "name", "hold_out", "touchpoints"]);
  const key = top.text("key", { ...KEY, required: true }) ?? "";
  const name = top.text("name", { ...NAME, required: true }) ?? "";
  if (!top.has("touchpoints")) top.fault(null, "touchpoints: a list");
  const seen = new Set<string>();
  const journeyHoldOut = readHoldOut(top);
  const touchpoints = (top.maps("touchpoints") ?? []).map((map) => {
    map.only([...CONTENT_KEYS, ...TRIGGER_KEYS, "grace_days"]);
    const when = {
      trigger: readTrigger(map, reading.source.dayNames ?? new Map()),
      graceDays: map.whole("grace_days", 0, GRACE_DAYS.most) ?? GRACE_DAYS.usual,
    };
    const touchpoint = {
      ...readTouchpoint(map, when, reading),
      ...(journeyHoldOut ? { journeyHoldOut } : {}),
    };
    if (seen.has(touchpoint.key)) map.fault("key", "a key no other touchpoint of the journey has");
    if (touchpoint.key !== "") seen.add(touchpoint.key);
    return touchpoint;
  });
  return { key, name, touchpoints };
}

/** Reads a touchpoint that falls due as `when` says. */
export function readTouchpoint(
  map: YamlMap,
  when: Pick<TouchpointSpec, "trigger" | "graceDays">,
  reading: Reading,
): TouchpointSpec {
  const send = map.choice("send", WAYS);
  const versions = readVariants(map, (entry) => readWords(entry, reading));
  const words = versions ? undefined : readWords(map, reading);
  if (versions && send === "hand") map.fault("variants", "words to compare (send: hand goes without)");
  if (!versions && !map.has("words") && send !== "hand")
    map.fault(null, "words: a text or a path ending in .hbs (only send: hand goes without)");
  const { variables } = versions ?? words ?? {};
  const besides = readBesides(map, send, reading);
  if (when.trigger.anchor === URGENT_REPLY) refuseForUrgent(map, send);
  return {
    key: map.text("key", { ...KEY, required: true }) ?? "",
    name: map.text("name", { ...NAME, required: true }) ?? "",
    ...when,
    at: map.text("at", TIME) ?? null,
    priority: map.choice("priority", PRIORITIES) ?? "service",
    send: send ?? (variables && !personal(variables) ? "mass" : "page"),
    audience: audienceOf(map.checked("audience", checkAudience) ?? {}, when.trigger, besides.ask),
    words: versions?.variants[0]?.words ?? words?.source ?? null,
    ...besides,
    ...(versions ? { variants: versions.variants } : {}),
    ...readExperiment(map),
  };
}

/** A guide deals with an urgent reply in words of their own, and nobody is left out. */
function refuseForUrgent(map: YamlMap, send: Way | undefined): void {
  if (send !== "hand") map.fault(map.has("send") ? "send" : null, `send: hand with after: ${URGENT_REPLY}`);
  for (const key of ["audience", "ask", "at", "hold_out", "variants"])
    if (map.has(key)) map.fault(key, `nothing of it with after: ${URGENT_REPLY}`);
}

/** Who collects a fact asks those of whom it is not known. A baby who is awaited is not born, whatever its siblings are. */
function audienceOf(audience: Audience, { anchor }: Trigger, ask: Askable | undefined): Audience {
  if (!ask || (anchor === "child_due" && ask === "child.born_on")) return audience;
  if (!audience.lacks) return { ...audience, lacks: [ask] };
  return { ...audience, all: [...(audience.all ?? []), { lacks: [ask] }] };
}

/** What a touchpoint has besides words, and absent where it has not. */
function readBesides(
  map: YamlMap,
  send: Way | undefined,
  { source, claims, files }: Reading,
): Pick<TouchpointSpec, "attachments" | "form" | "ask" | "automatic"> {
  const attachments = readAttachments(map, { readFile: source.readFile, claims, files });
  const form = readForm(map.map("form"));
  const ask = map.choice("ask", Object.keys(ASKABLE) as Askable[]);
  if (attachments && send === "hand") map.fault("attachments", "words to go with (send: hand sends nothing)");
  if (form && send !== "hand") map.fault("form", "send: hand, of which the form tells the outcome");
  const automatic = map.truth("automatic");
  if (automatic && send !== "bot")
    map.fault("automatic", "send: bot, the one way that needs no tap of the guide's");
  return {
    ...(attachments ? { attachments } : {}),
    ...(form ? { form } : {}),
    ...(ask ? { ask } : {}),
    ...(automatic ? { automatic } : {}),
  };
}

/** The words' source and variables; undefined when there are none or they are at fault. */
function readWords(map: YamlMap, reading: Reading): { source: string; variables: string[] } | undefined {
  const written = map.placed("words", "a text, or a path ending in .hbs");
  if (!written) return undefined;
  const { name, readWords: read } = reading.source;
  if (!written.text.endsWith(".hbs"))
    return checkWords(written.text, { ...written, where: name, isFile: false }, reading);
  const path = written.text;
  const file = readBeside(map, "words", path, read);
  if (!file) return undefined;
  const text = file.text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  return checkWords(
    text,
    { where: posix.join(posix.dirname(name), path), lineOf: (line) => line, isFile: true },
    reading,
  );
}

/** Where words stand: a file, and its line for each of theirs. */
interface WordsPlace {
  where: string;
  lineOf(line: number): number;
  /** columns are theirs too */
  isFile: boolean;
  /** of plain data: the path to them */
  field?: string;
}

function checkWords(source: string, place: WordsPlace, reading: Reading) {
  const field = place.field === undefined ? {} : { field: place.field };
  const fault = (line: number, expected: string, value?: string) =>
    reading.faults.push({
      ...{ where: place.where, line: place.lineOf(line), ...field },
      ...(value === undefined ? {} : { value }),
      expected,
    });
  let words: Words;
  try {
    words = compileMessage(source, place.where);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const { line = 1, column, ...told } of error.faults) {
      const at = column === undefined || !place.isFile ? {} : { column };
      reading.faults.push({ ...told, line: place.lineOf(line), ...at, ...field });
    }
    return undefined;
  }
  const { text, lineAt } = words.wording;
  if (text.trim() === "") fault(1, "words, not nothing at all");
  const bytes = Buffer.byteLength(text);
  if (bytes > MESSAGE_BYTES) fault(1, `at most ${MESSAGE_BYTES} bytes of text in UTF-8, not ${bytes}`);
  for (const hit of reading.claims(text))
    fault(lineAt(hit.position), `words without ${hit.category}: ${hit.reason}`, hit.found);
  return { source, variables: words.variables };
}

/** The journey's own file first, then those of its words, each by line. */
function inOrder(a: Fault, b: Fault, journey: string): number {
  const rank = ({ where }: Fault) => (where === journey ? "" : where);
  if (rank(a) !== rank(b)) return rank(a) < rank(b) ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0);
}
