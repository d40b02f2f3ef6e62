// Every page there is, by the app's own routers: each as all the roles that may see it. A page with a part in its address
// that nobody named here fails the bench.
import { addDays } from "../../src/kernel/calendar.js";
import type { Services } from "../../src/wire.js";
import { SAMPLE } from "./pages-data.js";
import { firstDay } from "./report-data.js";

/** Addresses of routes with parts in them; a reason where it is no page, or needs what this brand has not. */
const NAMED: Readonly<Record<string, string | { no: string }>> = {
  "/customers/:id": `/customers/${SAMPLE.customer}`,
  "/customers/:id/chat": `/customers/${SAMPLE.customer}/chat`,
  "/customers/:id/erase": `/customers/${SAMPLE.customer}/erase`,
  "/customers/:id/tasks": `/customers/${SAMPLE.customer}/tasks`,
  "/customers/:id/timeline": `/customers/${SAMPLE.customer}/timeline`,
  "/experiments/:journey{/:touchpoint}": { no: "this brand has no experiment" },
  "/g/chat": { no: "opens inside a chat alone" },
  "/g/chat/customers/:externalUserid": { no: "opens inside a chat alone" },
  "/g/chat/signature": { no: "a signature for WeCom's script" },
  // a customer of the first guide, at either size
  "/g/customers/:id": "/g/customers/10000",
  "/g/tasks/:id/parts": { no: "parts of a card that stands already" },
  "/g/open": { no: "a door" },
  "/g/tasks/:id/files/:place": { no: "a file" },
  "/help/:audience": "/help/hq",
  "/journeys/:key": `/journeys/${SAMPLE.journey}`,
  "/journeys/:key/draft": `/journeys/${SAMPLE.journey}/draft`,
  "/journeys/:key/draft/new": `/journeys/${SAMPLE.journey}/draft/new`,
  "/journeys/:key/draft/sample": `/journeys/${SAMPLE.journey}/draft/sample?touchpoint=t1`,
  "/journeys/:key/draft/t/:touchpoint": `/journeys/${SAMPLE.journey}/draft/t/t1`,
  "/journeys/:key/publish": `/journeys/${SAMPLE.journey}/publish`,
  "/journeys/:key/publish/counts": { no: "worked out while the page stands, and waited for there" },
  "/journeys/:key/publish/forecast": { no: "worked out while the page stands, and waited for there" },
  "/journeys/_files/:digest": { no: "a file" },
  "/journeys/:key/versions": `/journeys/${SAMPLE.journey}/versions`,
  "/journeys/:key/forecast": { no: "worked out while the page stands, and waited for there" },
  "/journeys/:key/copy": { no: "leads to the versions" },
  "/journeys/:key/state/:word": `/journeys/${SAMPLE.journey}/state/pause`,
  "/journeys/:key/state/:word/counts": { no: "counted while the page stands, and waited for there" },
  "/journeys/:key/import": `/journeys/${SAMPLE.journey}/import`,
  "/journeys/:key/export": { no: "a file" },
  "/words/:id": { no: "this brand has no library of words" },
  "/report/tasks": `/report/tasks?in=store:1&from=${firstDay}&to=${addDays(firstDay, 3)}`,
  "/report/newcomers": `/report/newcomers?in=store:1&from=${firstDay}&to=${addDays(firstDay, 3)}`,
  "/oneoffs/:key": `/oneoffs/${SAMPLE.oneoff}`,
  "/operations/jobs/:name": "/operations/jobs/figures",
  "/operations/jobs/:name/row": "/operations/jobs/figures/row",
  "/operations/jobs/:name/runs.svg": "/operations/jobs/figures/runs.svg",
  "/operations/tasks/examples": "/operations/tasks/examples?trouble=refused&reason=channel_refused",
  "/org/regions/:id": "/org/regions/3",
  "/org/stores/:id": "/org/stores/1",
  "/org/guides/:id": "/org/guides/1",
  "/org/guides/:id/leave": "/org/guides/1/leave?from=2026-06-01&to=2026-06-03",
  "/org/guides/:id/leaver": "/org/guides/1/leaver?on=2026-05-29&to=",
  "/org/import/:id": { no: "this brand was not imported" },
  "/org/import/:id/refused/:n": { no: "a file" },
  "/org/import/:id/undo": { no: "this brand was not imported" },
  "/org/wecom/codes/:id.png": { no: "a picture of WeCom's" },
  "/org/wecom/ways": { no: "WeCom alone has codes" },
  "/org/wecom/welcome": { no: "WeCom alone welcomes" },
  "/org/wecom/transfers": { no: "WeCom alone hands over" },
  "/settings/people/:id": "/settings/people/1",
  "/settings/people/places": "/settings/people/places?role=guide&place=g1",
  "/sign-in/wecom": { no: "a door" },
  "/sign-in/wecom/back": { no: "a door" },
};

/** Besides the plain addresses: what people look for, and places below the first. */
const MORE = [
  ...["/report?by=guide", "/report?in=region:3", "/report?in=store:1", "/team?in=store:1"],
  ...["/customers?q=妈妈1234", "/customers?store=1", "/settings/audit?action=job"],
];

/** What is no page: machines' answers, and files to keep. */
const NO_PAGE = /^\/(api|wecom)\/|\.(csv|xlsx)$/;

/** The addresses of all pages, and the routes that nobody named. */
export async function pagesOf({
  app,
}: Pick<Services, "app">): Promise<{ paths: string[]; unnamed: string[] }> {
  const { routers } = await app();
  const routes = new Set(
    routers.flatMap(({ stack }) =>
      stack.flatMap(({ methods, path }) => (methods.includes("GET") ? [tidy(String(path))] : [])),
    ),
  );
  const paths: string[] = [];
  const unnamed: string[] = [];
  for (const route of routes) {
    const named = NAMED[route];
    if (NO_PAGE.test(route) || typeof named === "object") continue;
    if (named !== undefined) paths.push(named);
    else if (/[:{*]/.test(route)) unnamed.push(route);
    else paths.push(route);
  }
  return { paths: [...paths, ...MORE].map(encodeURI), unnamed };
}

function tidy(path: string): string {
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}
