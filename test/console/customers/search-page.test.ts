// What the page says where nobody was found.
import { resultsOf } from "../../../src/console/customers/search-page.js";

const nobody = { by: "name" as const, hits: [], next: null, isCut: false, nowhere: null };

it.each([
  [
    "a name may be a guide's",
    { text: " 林悦 ", store: "", guide: "" },
    "/customers?guide=%E6%9E%97%E6%82%A6",
  ],
  [
    "the store stays",
    { text: "林悦", store: "S1", guide: "" },
    "/customers?store=S1&guide=%E6%9E%97%E6%82%A6",
  ],
  ["a guide was named already", { text: "林悦", store: "", guide: "张" }, ""],
  ["a number is nobody's name", { text: "1381234", store: "", guide: "" }, ""],
])("%s", (_what, ask, ofGuide) => {
  expect(resultsOf(ask, nobody, "2026-03-09")).toMatchObject({ isEmpty: true, ofGuide });
});
