// What stands beside a touchpoint's form, asked for by a page or by a piece of one: the phone and the sample size.
import { viewerOf } from "../../identity/guard.js";
import type { Web } from "../../infra/web.js";
import { partOf } from "./address.js";
import { type EditorPageParts } from "./editor-parts.js";
import { type PreviewAsk, previewOf } from "./previews.js";
import { sampleView } from "./sample-size.js";
import type { TouchpointForm } from "./touchpoint-form.js";
import { type Fields, textOf } from "./typed-values.js";

/** The phone, by what its own little form asks. */
export async function previewFor(
  ctx: Web,
  { authoring }: EditorPageParts,
  form: TouchpointForm,
  fields: Fields,
): Promise<object> {
  const journey = partOf(ctx, "key");
  const was = textOf(fields, "was") || partOf(ctx, "touchpoint");
  const back = was === "" ? `/journeys/${journey}/draft/new` : `/journeys/${journey}/draft/t/${was}`;
  return { ...(await previewOf(authoring, viewerOf(ctx), form, askOf(fields))), journey, back };
}

function askOf(fields: Fields): PreviewAsk {
  const pressed = (name: string) => textOf(fields, name) !== "";
  const id = textOf(fields, "preview_pick") || textOf(fields, "preview_customer");
  const isReal = pressed("preview_back") || pressed("preview_pick") || pressed("preview_next");
  const isWorst = pressed("preview_worst") || textOf(fields, "preview_mode") === "worst";
  return {
    mode: isWorst && !isReal ? "worst" : "customer",
    customer: Number(/^\d{1,12}$/.exec(id)?.[0] ?? 0),
    next: pressed("preview_next"),
    text: pressed("preview_pick") ? "" : textOf(fields, "preview_text").slice(0, 60),
  };
}

/** The sample size, by what is typed or by the touchpoint's own figures. */
export async function sampleFor(
  { authoring }: EditorPageParts,
  journey: string,
  touchpoint: string,
  fields: Fields,
): Promise<object> {
  return { ...sampleView(fields, await authoring.answersOf(journey, touchpoint)), journey, touchpoint };
}
