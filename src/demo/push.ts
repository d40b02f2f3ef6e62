// The demo brand's CRM: pushes what it knows to our API over HTTP, as a real one would.
import { Agent, request } from "node:http";
import type { ShopDay } from "../kernel/calendar.js";
import type { Brand, BrandCustomer, BrandOrder } from "../sandbox/brand-tables.js";
import { asKnown, childRow, customerRow, orderRow } from "./brand-files.js";

/** Pushes to one address with one key. */
export interface CrmPush {
  /** customers with their children, as known at the end of a day */
  people(customers: readonly BrandCustomer[], day: ShopDay): Promise<void>;
  orders(orders: readonly BrandOrder[]): Promise<void>;
  close(): void;
}

/** Most rows of one push. */
const MOST = 500;

/** A CRM that pushes to `url` (http://127.0.0.1:PORT). A push that is not taken raises an error. */
export function crmPush(url: string, key: string, brand: Brand): CrmPush {
  // a played day may lie between two pushes: a connection kept open would be closed just when the next one comes
  const agent = new Agent({ keepAlive: false });
  const send = async (table: string, rows: readonly object[]) => {
    for (let at = 0; at < rows.length; at += MOST)
      await post(agent, `${url}/api/${table}`, key, rows.slice(at, at + MOST));
  };
  return {
    people: async (customers, day) => {
      const names = new Set(customers.map((customer) => customer.externalUserid));
      await send("customers", customers.map(customerRow).map(withoutBlanks));
      const children = brand.children.filter((child) => names.has(child.externalUserid));
      await send(
        "children",
        children.map((child) => withoutBlanks(childRow(asKnown(child, day)))),
      );
    },
    orders: (orders) => send("orders", orders.map(orderRow).map(withoutBlanks)),
    close: () => agent.destroy(),
  };
}

function withoutBlanks(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ""));
}

function post(agent: Agent, url: string, key: string, rows: readonly object[]): Promise<void> {
  const body = JSON.stringify(rows);
  const headers = {
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: "POST", agent, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("end", () => {
        const said = Buffer.concat(pieces).toString().slice(0, 300);
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`the push to ${url} was answered ${answer.statusCode}: ${said}`));
      });
    });
    call.on("error", reject);
    call.end(body);
  });
}
