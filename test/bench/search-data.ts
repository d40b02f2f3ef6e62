// Customers as people are called: surnames as common as they are, nicknames of all kinds, phones, owners and second friends.
import { createHash } from "node:crypto";
import { phoneIndex } from "../../src/customers/phone-index.js";
import { insertRows } from "../../src/infra/batches.js";
import { encrypt } from "../../src/infra/secrets.js";
import type { Param, Store } from "../../src/infra/store.js";
import { seeded } from "../../src/kernel/world.js";
import { note } from "./harness.js";

/** The key phones are stored under, hex. */
export const secretHex = "5a".repeat(32);
const secretKey = Buffer.from(secretHex, "hex");

/** Surnames with their share of all people, in thousandths. */
const SHARES =
  "李79 王74 张71 刘54 陈45 杨31 赵23 黄22 周21 吴20 徐17 孙15 胡13 朱13 高12 林12 何12 郭12 马11 罗11 欧阳1 司马1";
const SURNAMES = SHARES.split(" ").map((one): [string, number] => {
  return [one.replace(/\d+/, ""), Number(/\d+/.exec(one)?.[0])];
});
const GIVEN = [
  ..."芳娜敏静丽艳娟霞秀英华慧巧美淑惠珠翠雅芝玉萍红玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛",
];
const NICKS = ["小米妈妈", "豆豆妈", "Lily", "lucky", "果果", "暖阳", "🌸花开", "A母婴", "Amy", "糖糖麻麻"];

/** One customer of the bench, the same for a number every time. */
export interface SoughtCustomer {
  id: number;
  externalUserid: string;
  name: string;
  phone: string;
  guideId: number;
}

/** The customer of a number from 1. */
export function customerOf(id: number, guides: number): SoughtCustomer {
  const random = seeded(id * 7_919);
  const name = nameOf(random);
  return {
    ...{ id, name, externalUserid: `wm${digest(`customer ${id}`)}` },
    phone: `1${3 + Math.floor(random() * 7)}${String(Math.floor(random() * 1e9)).padStart(9, "0")}`,
    guideId: 1 + Math.floor(random() * guides),
  };
}

const digest = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 30);

function nameOf(random: () => number): string {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  if (random() < 0.25) return `${pick(NICKS)}${Math.floor(random() * 10_000)}`;
  let at = random() * 570;
  const [surname] = SURNAMES.find(([, share]) => {
    at -= share;
    return at < 0;
  }) ?? ["钱", 0];
  return `${surname}${pick(GIVEN)}${random() < 0.6 ? pick(GIVEN) : ""}`;
}

/** Customers in one transaction. */
const PIECE = 5_000;

/** Fills in so many customers, a tenth of them friends with a second guide, a third with a child. */
export async function makeCustomers(store: Store, customers: number, guides: number): Promise<void> {
  const index = phoneIndex(secretKey);
  for (let from = 1; from <= customers; from += PIECE) {
    const rows: Param[][] = [];
    const contacts: Param[][] = [];
    const children: Param[][] = [];
    for (let id = from; id < Math.min(from + PIECE, customers + 1); id++) {
      const { externalUserid, name, phone, guideId } = customerOf(id, guides);
      rows.push([
        ...[id, externalUserid, name, guideId, "2025-06-01", encrypt(secretKey, phone), index.of(phone)],
        id % 10_000,
      ]);
      contacts.push([id, guideId, "2025-06-01"]);
      if (id % 10 === 0) contacts.push([id, (guideId % guides) + 1, "2025-07-01"]);
      if (id % 3 === 0) children.push([id, 1, "豆豆", "2025-03-02"]);
    }
    const columns = "id, external_userid, name, guide_id, joined_on, phone_cipher, phone_index, bucket";
    await store.write(async (sql) => {
      await insertRows(sql, `INSERT INTO customer (${columns})`, rows);
      await insertRows(sql, "INSERT INTO contact (customer_id, guide_id, began_on)", contacts);
      await insertRows(sql, "INSERT INTO child (customer_id, child_no, name, born_on)", children);
    });
    if ((from - 1) % 250_000 === 0) note(`${store.dialect.name}: ${from - 1} of ${customers} customers`);
  }
  for (const table of store.dialect.name === "mysql" ? ["customer", "contact", "child"] : [])
    await store.read.rows(`ANALYZE TABLE ${table}`);
}
