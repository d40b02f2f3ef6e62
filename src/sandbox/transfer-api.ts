// The API of transfers: customers of members who stay and of members who left, and what became of them.
import {
  ApiError,
  cursorAfter,
  cursorField,
  type Endpoints,
  type Fields,
  intField,
  neededText,
  textField,
  textsField,
} from "./answers.js";
import { externalGuide } from "./contact-api.js";
import type { DirectoryState } from "./directory-state.js";
import type { Roster } from "./roster.js";
import type { Ground } from "./settings.js";
import type { TransferKind, Transfers } from "./transfers.js";

const day = 86_400_000;
const mostCustomers = 100;
const resultPage = 1000;
const mostIn90Days = 2;

interface Parts {
  ground: Ground;
  roster: Roster;
  state: DirectoryState;
  transfers: Transfers;
}

/** transfer_customer and transfer_result, both kinds, and get_unassigned_list. */
export function transferEndpoints(parts: Parts): Endpoints {
  const post = (handle: (body: Fields) => Fields) => ({
    method: "POST" as const,
    handle: ({ body }: { body: Fields }) => {
      parts.transfers.settle(parts.ground.world.now());
      return handle(body);
    },
  });
  return {
    "externalcontact/transfer_customer": post((body) => transfer(parts, "onjob", body)),
    "externalcontact/resigned/transfer_customer": post((body) => transfer(parts, "resigned", body)),
    "externalcontact/transfer_result": post((body) => results(parts, "onjob", body)),
    "externalcontact/resigned/transfer_result": post((body) => results(parts, "resigned", body)),
    "externalcontact/get_unassigned_list": post((body) => unassigned(parts, body)),
  };
}

function transfer(parts: Parts, kind: TransferKind, body: Fields): Fields {
  const { roster, state, ground } = parts;
  const handover = neededText(body, "handover_userid");
  if (!roster.guide(handover)) throw new ApiError(60111, "handover_userid not found");
  const left = state.leftAt(handover);
  if (kind === "onjob" && left !== undefined) throw new ApiError(60111, "handover_userid has left");
  if (kind === "resigned" && left === undefined)
    throw new ApiError(40097, "handover_userid has not resigned");
  const taker = neededText(body, "takeover_userid");
  if (state.leftAt(taker) !== undefined) throw new ApiError(60111, "takeover_userid has left");
  const takeover = externalGuide(roster, taker).userid;
  if (takeover.toLowerCase() === handover.toLowerCase()) throw new ApiError(40130, "the same person");
  if (kind === "resigned" && body.transfer_success_msg !== undefined)
    throw new ApiError(40058, "transfer_success_msg is not of this call");
  if ([...textField(body, "transfer_success_msg")].length > 200)
    throw new ApiError(40058, "transfer_success_msg exceeds 200 characters");
  const customers = textsField(body, "external_userid", mostCustomers);
  if (customers.length === 0) throw new ApiError(40063, "external_userid is empty");
  const at = ground.world.now();
  return {
    customer: customers.map((external_userid) => {
      const errcode = judge(parts, kind, handover, external_userid, at);
      if (errcode === 0) parts.transfers.begin(kind, handover, takeover, external_userid, at);
      return { external_userid, errcode };
    }),
  };
}

function judge(
  { roster, transfers }: Parts,
  kind: TransferKind,
  handover: string,
  externalUserid: string,
  now: number,
): number {
  const contact = roster.contact(handover, externalUserid);
  if (!roster.customer(externalUserid)) return 40096;
  if (!contact || contact.ended_by !== null) return 40131;
  const before = transfers.of(externalUserid);
  if (before.some(({ status }) => status === 2)) return kind === "onjob" ? 40129 : 40100;
  const recent = before.filter(({ status, taken_at }) => status === 1 && (taken_at ?? 0) > now - 90 * day);
  return recent.length >= mostIn90Days ? 40128 : 0;
}

function results({ transfers }: Parts, kind: TransferKind, body: Fields): Fields {
  const [from, to] = [neededText(body, "handover_userid"), neededText(body, "takeover_userid")];
  const rows = transfers.between(kind, from, to, cursorField(body), resultPage + 1);
  const page = rows.slice(0, resultPage);
  return {
    customer: page.map(({ external_userid, status, taken_at }) => ({
      ...{ external_userid, status },
      takeover_time: taken_at === null ? 0 : Math.floor(taken_at / 1000),
    })),
    next_cursor: cursorAfter(rows.length > resultPage ? page.at(-1)?.id : undefined),
  };
}

function unassigned({ roster, state, transfers }: Parts, body: Fields): Fields {
  const size = intField(body, "page_size") ?? resultPage;
  if (size < 1 || size > resultPage) throw new ApiError(40058, "page_size must be 1 to 1000");
  const after = cursorField(body) || (intField(body, "page_id") ?? 0) * size;
  const all = state.leavers().flatMap(({ userid, at }) =>
    roster
      .contactsOf(userid)
      .filter(
        (contact) =>
          contact.ended_by === null &&
          !transfers
            .of(contact.external_userid)
            .some(({ status, handover }) => status === 2 && handover === userid),
      )
      .map(({ external_userid }) => ({
        ...{ handover_userid: userid, external_userid },
        dimission_time: Math.floor(at / 1000),
      })),
  );
  const page = all.slice(after, after + size);
  const isLast = after + size >= all.length;
  return { info: page, is_last: isLast, next_cursor: isLast ? "" : cursorAfter(after + size) };
}
