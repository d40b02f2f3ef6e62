// The phone beside a touchpoint's form: its words, as they are typed now, said to a real customer or to the worst cases.
import type { Viewer } from "../../identity/viewer.js";
import { ATTACHMENT_NAMES, type Attachment } from "../../journeys/attachments.js";
import type { ClaimsCheck } from "../../journeys/claims.js";
import type { DraftService } from "../../journeys/drafts.js";
import { compileMessage, variableOf, type WordsContext } from "../../journeys/words.js";
import { worstCases } from "../../journeys/worst-cases.js";
import { Refusal } from "../../kernel/refusals.js";
import {
  type PreviewCustomer,
  type Previewed,
  sayTo,
  sentAlong,
  type WordPreviews,
} from "../../tasks/word-previews.js";
import { longDay } from "../format.js";
import { VARIABLE_BUTTONS } from "../words/variables.js";
import { type ClaimLine, claimLines } from "./claim-lines.js";
import { sayFormFault } from "./fault-words.js";
import { dataOfForm, type TouchpointForm } from "./touchpoint-form.js";

/** Customers found by what somebody typed. */
export interface CustomerSearch {
  search(
    viewer: Viewer,
    ask: { text: string; store: string; guide: string },
  ): Promise<{
    hits: readonly {
      id: number;
      name: string;
      externalUserid: string;
      guide: string | null;
      store: string | null;
    }[];
  }>;
}

export interface PreviewParts {
  drafts: Pick<DraftService, "read">;
  claims: ClaimsCheck;
  wordPreviews: WordPreviews;
  customerSearch: CustomerSearch;
}

/** Whom somebody wants to see the words said to. */
export interface PreviewAsk {
  mode: "customer" | "worst";
  /** the customer shown now; 0: nobody yet */
  customer: number;
  /** the next one after them */
  next: boolean;
  /** a name, phone or id */
  text: string;
}

const MOST_HITS = 8;

/** Everything the phone's template names. */
export async function previewOf(
  parts: PreviewParts,
  viewer: Viewer,
  form: TouchpointForm,
  ask: PreviewAsk,
): Promise<object> {
  const touchpoint = await meantBy(parts, form);
  const drafts = wordsOf(form).map((one) => ({ ...one, ...readable(one.words, parts.claims) }));
  const common = {
    ...{ mode: ask.mode, isWorst: ask.mode === "worst", text: ask.text, isHand: drafts.length === 0 },
    words: drafts.map(({ label, faults, claims }) => ({ label, faults, claims })),
    isBroken: drafts.some(({ faults }) => faults.length > 0),
    unknown: [...new Set(drafts.flatMap(({ unknown }) => unknown))],
    known: VARIABLE_BUTTONS,
    isBlank: drafts.some(({ words }) => words.trim() === ""),
  };
  if (ask.mode === "worst") {
    const cases = worstCases(touchpoint.trigger, parts.wordPreviews.today()).map(({ name, why, context }) => {
      const bubbles = bubblesOf(drafts, context);
      return { name, why, bubbles, isFailing: bubbles.some(({ isMissing }) => isMissing) };
    });
    const failing = cases.filter(({ isFailing }) => isFailing).length;
    return { ...common, cases, failing, ...NOBODY };
  }
  const { hits, found, text } = await whomMeant(parts, viewer, touchpoint, ask);
  const shown = found ? { ...customerView(found), bubbles: bubblesOf(drafts, found.context) } : null;
  const along = found ? enclosures(touchpoint.attachments ?? [], found.context) : [];
  const isNobody = hits.length === 0 && (text !== "" || !found);
  return { ...common, text, cases: [], failing: 0, shown, hits, along, isNobody };
}

const NOBODY = { shown: null, hits: [], along: [], isNobody: false };

/** The words to be said, one or each variant's. */
function wordsOf({ words, variants, send }: TouchpointForm): { label: string; words: string }[] {
  if (variants.length > 0) return variants.map(({ key, words: own }) => ({ label: key, words: own }));
  return send === "hand" && words.trim() === "" ? [] : [{ label: "", words }];
}

interface Draft {
  label: string;
  words: string;
  isReadable: boolean;
}

/** What is wrong with words, the variables there are none of, and the sentences that may not be said. */
function readable(
  words: string,
  check: ClaimsCheck,
): { isReadable: boolean; faults: string[]; unknown: string[]; claims: ClaimLine[] } {
  if (words.trim() === "") return { isReadable: false, faults: [], unknown: [], claims: [] };
  try {
    const { text } = compileMessage(words).wording;
    return { isReadable: true, faults: [], unknown: [], claims: claimLines(text, check) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const faults = error.faults.map(
      ({ line, ...fault }) =>
        `${line ? `第 ${line} 行：` : ""}${fault.value ? `${fault.value} ` : ""}${sayFormFault(fault)}`,
    );
    const unknown = error.faults.flatMap(({ expected, value }) =>
      value && expected.startsWith("a known variable") ? value : [],
    );
    return { isReadable: false, faults, unknown, claims: [] };
  }
}

/** The touchpoint without its words, which are looked at apart: as far as what is typed can be read. */
async function meantBy({ drafts }: PreviewParts, form: TouchpointForm): Promise<Previewed> {
  const plain = {
    ...form,
    variants: [],
    ask: "",
    outcomes: "",
    tags: "",
    next_touch: false,
    key: "preview",
    name: "预览",
  };
  const { data } = dataOfForm({ ...plain, words: "好", send: "page" });
  const { attachments: _none, ...without } = data;
  for (const one of [data, without]) {
    try {
      const { spec } = await drafts.read({ key: "preview", name: "预览", touchpoints: [one] });
      const [touchpoint] = spec.touchpoints;
      if (touchpoint) return touchpoint;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return { trigger: { anchor: "joined", offset: { unit: "days", n: 0 }, repeat: "once" }, audience: {} };
}

async function whomMeant(parts: PreviewParts, viewer: Viewer, touchpoint: Previewed, ask: PreviewAsk) {
  const { wordPreviews, customerSearch } = parts;
  const text = ask.next ? "" : ask.text.trim();
  const { hits } = text === "" ? { hits: [] } : await customerSearch.search(viewer, { text, ...EVERYWHERE });
  const [only, ...more] = hits;
  const meant =
    only && more.length === 0 ? await wordPreviews.customer(viewer, only.id, touchpoint) : undefined;
  if (meant) return { hits: [], found: meant, text: "" };
  // until one of several is picked, who was there before stays, for words may be typed meanwhile
  const known =
    ask.customer > 0 && !ask.next ? await wordPreviews.customer(viewer, ask.customer, touchpoint) : undefined;
  return {
    ...{ hits: more.length > 0 ? hits.slice(0, MOST_HITS).map(hitView) : [], text },
    found: known ?? (await wordPreviews.next(viewer, ask.next ? ask.customer : 0, touchpoint)),
  };
}

const EVERYWHERE = { store: "", guide: "" };

type Hit = Awaited<ReturnType<CustomerSearch["search"]>>["hits"][number];

function hitView({ id, name, externalUserid, guide, store }: Hit): object {
  return { id, name: name || externalUserid, where: [store, guide].filter(Boolean).join(" · ") };
}

function customerView({
  id,
  name,
  externalUserid,
  guideName,
  storeName,
  dueOn,
  isInAudience,
}: PreviewCustomer): object {
  return {
    ...{
      id,
      name: name || externalUserid,
      guide: guideName ?? "导购",
      isInAudience,
      hasDate: dueOn !== null,
    },
    where: [storeName, guideName].filter(Boolean).join(" · "),
    due: dueOn === null ? "" : longDay(dueOn),
  };
}

interface Bubble {
  label: string;
  /** "" when it cannot be said */
  text: string;
  isMissing: boolean;
  missing: { label: string; isAsked: boolean }[];
}

function bubblesOf(drafts: readonly Draft[], context: WordsContext): Bubble[] {
  return drafts
    .filter(({ isReadable }) => isReadable)
    .map(({ label, words }) => {
      const { text, missing } = sayTo(context, words);
      const told = missing.map((name) => ({
        label: variableOf(name)?.label ?? name,
        isAsked: Boolean(variableOf(name)?.needs),
      }));
      return { label, text: text ?? "", isMissing: text === null, missing: told };
    });
}

/** What goes along, and what a baby's month leaves out. */
function enclosures(attachments: readonly Attachment[], context: WordsContext): object[] {
  const sent = new Set(sentAlong(attachments, context));
  return attachments.map((one) => ({
    kind: ATTACHMENT_NAMES[one.kind],
    title: "title" in one ? one.title : "file" in one ? one.file.name : "",
    isLeftOut: !sent.has(one),
  }));
}
