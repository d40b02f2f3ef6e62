// One entry of the library: written new, changed, taken away; what two people write at once is shown to the second.
import type { Router } from "@koa/router";
import { z } from "zod";
import { accountNames } from "../../identity/accounts.js";
import type { Guard } from "../../identity/guard.js";
import type { PageRenderer } from "../../infra/templates-pages.js";
import { bodyOf, idOf, languageOf, readValues, type Web } from "../../infra/web.js";
import { sentencesWith } from "../../journeys/claims-found.js";
import type { LibraryEntry } from "../../journeys/library/entries.js";
import { EntryConflict } from "../../journeys/library/writes.js";
import { type Fault, Refusal } from "../../kernel/refusals.js";
import { moment } from "../format.js";
import { sayFormFault } from "../journeys/fault-words.js";
import { showDesk } from "../pages.js";
import { actorOf, goTo } from "../routes-answers.js";
import { RATE_DAYS, rateView, useView } from "./page.js";
import { knownEntries, type ReadingParts } from "./reading.js";
import { VARIABLE_BUTTONS } from "./variables.js";
import { wordsPieces } from "./words-text.js";

export type EntryPageParts = ReadingParts & { guard: Guard; pages: PageRenderer };

const text = z.string().default("");
const entryBody = z.object({
  ...{ folder: text, title: text, words: text },
  revision: z
    .string()
    .regex(/^\d{0,9}$/, "a number")
    .default(""),
});
type EntryBody = z.infer<typeof entryBody>;
const usedBody = z.object({ journey: z.string().min(1).max(64), touchpoint: z.string().min(1).max(64) });
const checkBody = z.object({ words: text });

const entryIdOf = (ctx: Web) => idOf((ctx.params as Record<string, string>).id);

/** GET /words/new and /words/ID; POST /words, /words/check, /words/ID, /words/ID/delete, /words/ID/used. */
export function entryPages(router: Router, parts: EntryPageParts): void {
  const { guard, library } = parts;
  const may = guard.may("keep_words");
  router.get("/new", may, async (ctx) => {
    const folder = typeof ctx.query.folder === "string" ? ctx.query.folder : "";
    await showForm(ctx, parts, { form: { folder, title: "", words: "", revision: "" } });
  });
  router.post("/", may, guard.csrf, (ctx) => save(ctx, parts, (form) => library.add(form, actorOf(ctx))));
  router.post("/check", may, guard.csrf, async (ctx) => {
    const { words } = readValues(checkBody, bodyOf(ctx), "body");
    await showCheck(ctx, parts, words.slice(0, 4000));
  });
  router.get("/:id", may, async (ctx) => {
    const entry = await library.entry(entryIdOf(ctx));
    await showForm(ctx, parts, { entry, form: { ...entry, revision: String(entry.revision) } });
  });
  router.post("/:id", may, guard.csrf, (ctx) => {
    const id = entryIdOf(ctx);
    return save(ctx, parts, async (form) => {
      await library.change(id, Number(form.revision), form, actorOf(ctx));
      return id;
    });
  });
  router.post("/:id/delete", may, guard.csrf, async (ctx) => {
    const { revision } = readValues(entryBody, bodyOf(ctx), "body");
    await library.remove(entryIdOf(ctx), Number(revision), actorOf(ctx));
    goTo(ctx, "/words");
  });
  router.post("/:id/used", may, guard.csrf, async (ctx) => {
    const { journey, touchpoint } = readValues(usedBody, bodyOf(ctx), "body");
    await library.used(entryIdOf(ctx), journey, touchpoint);
    ctx.status = 204;
  });
}

/** Saves what was written; what cannot be saved stands in the form again, with why. */
async function save(
  ctx: Web,
  parts: EntryPageParts,
  keep: (form: EntryBody) => Promise<number>,
): Promise<void> {
  const form = readValues(entryBody, bodyOf(ctx), "body");
  try {
    const id = await keep(form);
    goTo(ctx, `/words/${id}`);
  } catch (error) {
    if (error instanceof EntryConflict) {
      ctx.status = 409;
      await showForm(ctx, parts, {
        form,
        conflict: error.theirs ?? null,
        ...(error.theirs ? { entry: error.theirs } : {}),
      });
    } else if (error instanceof Refusal && error.kind === "invalid") {
      ctx.status = 422;
      const id = (ctx.params as Record<string, string>).id;
      const entry = id ? await parts.library.entry(idOf(id)) : undefined;
      await showForm(ctx, parts, { form, faults: error.faults, ...(entry ? { entry } : {}) });
    } else throw error;
  }
}

interface Shown {
  form: EntryBody;
  /** left out: it is not kept yet */
  entry?: LibraryEntry;
  faults?: readonly Fault[];
  /** what somebody else wrote meanwhile; null: it is gone */
  conflict?: LibraryEntry | null;
}

async function showForm(ctx: Web, parts: EntryPageParts, shown: Shown): Promise<void> {
  const { form, entry, faults = [], conflict } = shown;
  const names = await accountNames(parts.store.read, [entry?.changedBy ?? null]);
  const folders = await parts.library.folders();
  const values = {
    ...{ id: entry?.id ?? "", folder: form.folder, titleText: form.title, words: form.words },
    // who saves once more over somebody else's words has read them
    revision: conflict ? String(conflict.revision) : form.revision,
    isNew: entry === undefined,
    changed: entry
      ? { by: names.get(entry.changedBy) ?? "系统", at: moment(entry.changedAt, parts.zone) }
      : false,
    folders: folders.map(({ folder }) => folder),
    faults: faults.map((fault) => ({ where: fault.where, said: sayFormFault(fault) })),
    isConflict: conflict !== undefined,
    theirs: conflict
      ? {
          folder: conflict.folder,
          title: conflict.title,
          pieces: wordsPieces(conflict.words),
          words: conflict.words,
        }
      : false,
    ...(entry ? await aroundOf(parts, entry) : { uses: [], rates: [] }),
    ...(await checkOf(parts, form.words)),
    variables: VARIABLE_BUTTONS,
  };
  showDesk(ctx, parts.pages, "words/entry", entry?.title ?? "新话术", values);
}

/** Where an entry is used, and how it was answered in each span. */
async function aroundOf(parts: EntryPageParts, entry: LibraryEntry): Promise<object> {
  const rates: object[] = [];
  for (const days of RATE_DAYS) {
    const [known] = await knownEntries(parts, [entry], days);
    if (known?.rate) rates.push({ days, ...rateView(known.rate) });
  }
  const uses = (await parts.library.uses([entry])).get(entry.id) ?? [];
  return { uses: uses.map(useView), rates };
}

async function checkOf({ claimsList }: EntryPageParts, words: string): Promise<object> {
  await claimsList.check.fresh?.();
  return { pieces: wordsPieces(words), claims: sentencesWith(words, claimsList.check) };
}

async function showCheck(ctx: Web, parts: EntryPageParts, words: string): Promise<void> {
  const checked = await checkOf(parts, words);
  ctx.type = "html";
  ctx.body = parts.pages.page("words/check", { language: languageOf(ctx), ...checked });
}
