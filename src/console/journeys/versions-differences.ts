// Two versions beside one another as the pages show them.
import type { ContentFile } from "../../journeys/attachments.js";
import type { JourneyDifferences, TouchpointDifference } from "../../journeys/differences.js";
import { markedSides } from "../words/words-text.js";

const KIND_NAMES: Record<TouchpointDifference["kind"], string> = {
  new: "新增",
  removed: "移除",
  changed: "修改",
};

/** Everything templates/pages/partials/journey-differences.hbs names. */
export function differencesView({ renamed, touchpoints, same }: JourneyDifferences): object {
  return {
    renamed: renamed ?? false,
    hasAny: renamed !== null || touchpoints.length > 0,
    same,
    touchpoints: touchpoints.map(touchpointView),
    counts: (Object.keys(KIND_NAMES) as TouchpointDifference["kind"][])
      .map((kind) => ({
        kind,
        name: KIND_NAMES[kind],
        n: touchpoints.filter((one) => one.kind === kind).length,
      }))
      .filter(({ n }) => n > 0),
  };
}

function touchpointView({ key, name, kind, fields, words, pictures }: TouchpointDifference): object {
  return {
    ...{ key, name, kind, kindName: KIND_NAMES[kind] },
    isChanged: kind === "changed",
    fields: fields.map(({ field, before, after }) => ({ field, before: before || "—", after: after || "—" })),
    words: words.map(({ variant, before, after }) => ({
      label: variant ?? "",
      hasBefore: before !== null,
      hasAfter: after !== null,
      ...markedSides(before, after),
    })),
    hasPictures: pictures !== null,
    picturesBefore: (pictures?.before ?? []).map(pictureView),
    picturesAfter: (pictures?.after ?? []).map(pictureView),
    saysTheSame: fields.length === 0 && words.length === 0 && pictures === null,
  };
}

function pictureView({ digest, name }: ContentFile): object {
  return { name, url: `/journeys/_files/${digest}` };
}
