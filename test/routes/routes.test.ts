// Every route of the whole app × every role × own, neighbour's, none; from one table, which must name them all.
import type { Role } from "../../src/identity/viewer.js";
import { type Asked, type Asker, openStage, type RouteStage, send, type Whose } from "./stage.js";
import { type RouteLine, routeTable } from "./table.js";

const ROLES: readonly Role[] = ["hq", "manager", "store_manager", "guide"];
const ASKERS: readonly Asker[] = [...ROLES, "nobody"];
const WHOSE: readonly Whose[] = ["own", "neighbour", "none"];
const lines = routeTable();
let stage: RouteStage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it("the table names every route there is, once, and none that is not there", async () => {
  const { pushes, routers } = await stage.services.app();
  const there = new Set(
    [pushes, ...routers].flatMap(({ stack }) =>
      stack.flatMap(({ methods, path }) =>
        methods.filter((method) => method !== "HEAD").map((method) => `${method} ${tidy(String(path))}`),
      ),
    ),
  );
  const named = lines.map(({ route }) => route);
  expect({
    missing: [...there].filter((route) => !named.includes(route)).sort(),
    gone: named.filter((route) => !there.has(route)),
    twice: named.filter((route, at) => named.indexOf(route) !== at),
  }).toEqual({ missing: [], gone: [], twice: [] });
});

it("every write of a person says what it leaves", () => {
  const silent = lines.filter(({ route, leaves, may }) => !isRead(route) && may !== "signature" && !leaves);
  expect(silent.map(({ route }) => route)).toEqual([]);
});

describe.each(lines.map((line) => [line.route, line] as const))("%s", (_route, line) => {
  it("lets in who may, to what is theirs, and nobody else", async () => {
    const faults: string[] = [];
    for (const asker of ASKERS)
      for (const whose of line.scoped ? WHOSE : (["own"] as const)) {
        const asked = await askedOf(line, whose, asker);
        const { status, headers } = await sent(line, asker, asked);
        const expected = expectation(line, asker, whose);
        const isForPeople = line.may !== "key" && line.may !== "signature";
        if (isForPeople && !String(headers["content-security-policy"]).startsWith("default-src 'none'"))
          faults.push(`${asked.path} came without the policy of our pages`);
        if (!expected.includes(status))
          faults.push(
            `${asker} at ${whose} (${asked.path}): ${status} ${headers.location ?? ""}, not ${expected}`,
          );
      }
    expect(faults).toEqual([]);
  });

  if (!isRead(line.route) && line.may !== "signature" && line.may !== "key") {
    it("is refused without the word of our own pages", async () => {
      const asker = line.may === "anybody" ? "nobody" : roleOf(line);
      const asked = await askedOf(line, "own", asker);
      const method = methodOf(line);
      if (line.door !== "ours") {
        expect((await send(stage, { method, asker, asked, word: "" })).status).toBe(403);
        expect((await send(stage, { method, asker, asked, word: "x".repeat(43) })).status).toBe(403);
      }
      const headers = { Origin: "https://elsewhere.example", "Sec-Fetch-Site": "cross-site" };
      expect((await send(stage, { method, asker, asked, headers })).status).toBe(403);
    });
  }

  if (line.leaves === "audit" || line.leaves === "task_event") {
    it(`leaves ${line.leaves === "audit" ? "a line of the record" : "an event of the task"}`, async () => {
      const role = roleOf(line);
      const before = await leftBy(line, role);
      const answer = await sent(line, role, await askedOf(line, "own", role));
      // a tap that does not fit the task's state changes nothing, and leaves nothing
      if (line.leaves === "task_event" && [409, 422].includes(answer.status)) return;
      expect(okOf(line)).toContain(answer.status);
      expect(await leftBy(line, role)).toBeGreaterThan(before);
    });
  }
});

function isRead(route: string): boolean {
  return route.startsWith("GET ");
}

function methodOf({ route }: RouteLine): string {
  return route.split(" ")[0] ?? "";
}

/** A prefix and "/" are the prefix. */
function tidy(path: string): string {
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}

async function askedOf(line: RouteLine, whose: Whose, asker: Asker): Promise<Asked> {
  const known = stage.places[whose];
  // who is turned away wears out no task
  const place = asker === "guide" ? known : { ...known, task: () => known.firstTask };
  return (await line.ask?.(stage, place)) ?? { path: line.route.split(" ")[1] ?? "" };
}

async function sent(line: RouteLine, asker: Asker, asked: Asked) {
  const method = methodOf(line);
  const answer = await send(stage, {
    method,
    asker,
    asked,
    ...(line.may === "key" && asker !== "nobody" ? { key: stage.key } : {}),
  });
  if (line.route === "POST /sign-out" && asker !== "nobody") await stage.signInAgain(asker);
  return answer;
}

function okOf({ route, ok }: RouteLine): readonly number[] {
  return ok ?? (isRead(route) ? [200, 302] : [200, 201, 303]);
}

/** What a request must come back with. */
function expectation(line: RouteLine, asker: Asker, whose: Whose): readonly number[] {
  const { may, route } = line;
  if (may === "anybody") return okOf(line);
  if (may === "signature") return [403];
  const stranger = route.includes(" /api/") ? [401] : [302];
  if (asker === "nobody") return stranger;
  if (may === "key") return okOf(line);
  const isLetIn = may === "signed in" || may.includes(asker);
  if (!isLetIn) return [403];
  if (!line.scoped || whose === "own") return okOf(line);
  if (whose === "neighbour" && asker === "hq") return okOf(line);
  return line.missing ?? [404];
}

function roleOf({ may }: RouteLine): Role {
  return typeof may === "string" ? "hq" : (may[0] ?? "hq");
}

async function leftBy({ leaves }: RouteLine, role: Role): Promise<number> {
  const account = stage.accounts.get(role) ?? 0;
  const [row] =
    leaves === "audit"
      ? await stage.rows<{ n: number }>(
          "SELECT COUNT(*) AS n FROM audit_entry WHERE done_by = ?",
          `account:${account}`,
        )
      : await stage.rows<{ n: number }>("SELECT COUNT(*) AS n FROM task_event");
  return Number(row?.n ?? 0);
}
