// The calls that change how customers come and go: contact ways, transfers, customers nobody has.
import { z } from "zod";
import type { HandingOver } from "../directory.js";
import type { Endpoint, WecomClient } from "./client.js";
import { pages } from "./requests.js";

const text = z.string();
const texts = z.array(text).nullish();
const nothing = z.looseObject({});
const post = <T>(one: Omit<Endpoint<T>, "method" | "creates"> & { creates?: true }): Endpoint<T> => ({
  method: "POST",
  creates: false,
  ...one,
});

interface Way {
  state: string;
  remark: string;
  user: readonly string[];
}

const severalGuides = 2;
const qrCode = 2;

const addWay = post({
  path: "externalcontact/add_contact_way",
  creates: true,
  answer: z.looseObject({ config_id: text.min(1), qr_code: text.nullish() }),
});

/** Makes a code of several members. Without an answer it may be there: look before making another. */
export function makeWay(client: WecomClient, way: Way) {
  return client.call(addWay, { type: severalGuides, scene: qrCode, ...way });
}

const changeWay = post({ path: "externalcontact/update_contact_way", answer: nothing });

/** Overwrites a code's members, state and remark. */
export function updateWay(client: WecomClient, configId: string, way: Way) {
  return client.call(changeWay, { config_id: configId, ...way });
}

const dropWay = post({ path: "externalcontact/del_contact_way", answer: nothing });

/** Ends a code. */
export function deleteWay(client: WecomClient, configId: string) {
  return client.call(dropWay, { config_id: configId });
}

const oneWay = post({
  path: "externalcontact/get_contact_way",
  answer: z.looseObject({
    contact_way: z.looseObject({ state: text.nullish(), user: texts, qr_code: text.nullish() }),
  }),
});

/** One code. */
export async function getWay(client: WecomClient, configId: string) {
  return (await client.call(oneWay, { config_id: configId })).contact_way;
}

const allWays = post({
  path: "externalcontact/list_contact_way",
  answer: z.looseObject({
    contact_way: z.array(z.looseObject({ config_id: text })).nullish(),
    next_cursor: text.nullish(),
  }),
});

/** The ids of codes made between two times in Unix seconds. */
export async function listWays(client: WecomClient, start: number, end: number): Promise<string[]> {
  const rows = await pages(
    (cursor) => client.call(allWays, { start_time: start, end_time: end, limit: 1000, cursor }),
    (page) => page.contact_way,
  );
  return rows.map(({ config_id }) => config_id);
}

const transferAnswer = z.looseObject({
  customer: z.array(z.looseObject({ external_userid: text, errcode: z.int().nullish() })).nullish(),
});
const transferCalls: Record<HandingOver, Endpoint<z.infer<typeof transferAnswer>>> = {
  onjob: post({ path: "externalcontact/transfer_customer", creates: true, answer: transferAnswer }),
  resigned: post({
    path: "externalcontact/resigned/transfer_customer",
    creates: true,
    answer: transferAnswer,
  }),
};

/** Asks for customers to be handed over; only those of members who stay are told a message. */
export async function transferCustomers(
  client: WecomClient,
  kind: HandingOver,
  pair: { handover_userid: string; takeover_userid: string },
  externalUserids: readonly string[],
  message: string,
) {
  const told = kind === "onjob" && message !== "" ? { transfer_success_msg: message } : {};
  const body = { ...pair, external_userid: externalUserids, ...told };
  return (await client.call(transferCalls[kind], body)).customer ?? [];
}

const resultAnswer = z.looseObject({
  customer: z.array(z.looseObject({ external_userid: text, status: z.int() })).nullish(),
  next_cursor: text.nullish(),
});
const resultCalls: Record<HandingOver, Endpoint<z.infer<typeof resultAnswer>>> = {
  onjob: post({ path: "externalcontact/transfer_result", answer: resultAnswer }),
  resigned: post({ path: "externalcontact/resigned/transfer_result", answer: resultAnswer }),
};

/** What became of the hand-overs between two members: 1 done, 2 waiting, 3 refused, 4 the taker is full, 5 none. */
export function transferResults(
  client: WecomClient,
  kind: HandingOver,
  pair: { handover_userid: string; takeover_userid: string },
) {
  return pages(
    (cursor) => client.call(resultCalls[kind], { ...pair, cursor }),
    (page) => page.customer,
  );
}

const unassigned = post({
  path: "externalcontact/get_unassigned_list",
  answer: z.looseObject({
    info: z
      .array(z.looseObject({ handover_userid: text, external_userid: text, dimission_time: z.int() }))
      .nullish(),
    is_last: z.boolean().nullish(),
    next_cursor: text.nullish(),
  }),
});

/** Customers of members who have left, whom nobody has taken. */
export function unassignedCustomers(client: WecomClient) {
  return pages(
    (cursor) => client.call(unassigned, { page_size: 1000, cursor }),
    (page) => page.info,
  );
}
