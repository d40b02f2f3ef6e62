// What WeCom's error numbers mean for us: which may be tried again, which need waiting, data or somebody's hand.
import { ChannelError, type ChannelErrorKind } from "../port.js";

/** One error number: its kind, its meaning in few words and, when known, after how many ms to try again. */
export interface WecomCode {
  kind: ChannelErrorKind;
  meaning: string;
  retryAfter?: number;
}

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;

/** The numbers that say: the token is no good any more. Refreshed once, repeated once (40014 also for plain expiry). */
export const tokenRefused: ReadonlySet<number> = new Set([40014, 42001]);

const known: Readonly<Record<number, WecomCode>> = {
  [-1]: { kind: "retry", meaning: "the system is busy", retryAfter: second },
  6000: { kind: "retry", meaning: "the data changed meanwhile", retryAfter: second },
  40001: { kind: "operations", meaning: "the secret is wrong, reset or of another app" },
  40003: { kind: "fix", meaning: "bad userid" },
  40007: { kind: "fix", meaning: "the media id is bad or expired" },
  40008: { kind: "fix", meaning: "bad message type" },
  40013: { kind: "operations", meaning: "bad corpid" },
  40014: { kind: "retry", meaning: "the token was refused, also after a refresh", retryAfter: minute },
  40029: { kind: "fix", meaning: "the sign-in code is bad" },
  40031: { kind: "fix", meaning: "bad list of userids" },
  40032: { kind: "fix", meaning: "too many userids" },
  40056: { kind: "operations", meaning: "bad agentid" },
  40058: { kind: "fix", meaning: "a parameter is not what it may be" },
  40063: { kind: "fix", meaning: "a required parameter is empty" },
  40068: { kind: "fix", meaning: "bad tag id" },
  40071: { kind: "fix", meaning: "a tag of this name exists" },
  40093: { kind: "fix", meaning: "the page's signature is wrong" },
  40096: { kind: "fix", meaning: "bad external userid" },
  40097: { kind: "fix", meaning: "the member has not left" },
  40098: { kind: "fix", meaning: "the taker is not real-named" },
  40099: { kind: "fix", meaning: "the taker has as many customers as may be" },
  40100: { kind: "fix", meaning: "the customer is being transferred already" },
  40123: { kind: "fix", meaning: "what was uploaded is no picture" },
  40126: { kind: "fix", meaning: "the corp has as many tags as may be" },
  40128: { kind: "fix", meaning: "the customer was transferred twice in 90 days" },
  40129: { kind: "fix", meaning: "the customer is being transferred already" },
  40130: { kind: "fix", meaning: "from and to are one person" },
  40131: { kind: "fix", meaning: "the giver does not follow this customer" },
  40143: { kind: "fix", meaning: "the taker is banned" },
  40201: { kind: "fix", meaning: "refused by the spam filter" },
  40204: { kind: "fix", meaning: "refused by the spam filter" },
  41001: { kind: "fix", meaning: "the token is missing" },
  41002: { kind: "operations", meaning: "the corpid is missing" },
  41004: { kind: "operations", meaning: "the secret is missing" },
  41016: { kind: "fix", meaning: "a title is missing" },
  41041: { kind: "fix", meaning: "too many people behind one code" },
  41044: { kind: "fix", meaning: "no such contact way" },
  41045: { kind: "operations", meaning: "the corp has as many codes as it may" },
  41046: { kind: "fix", meaning: "the id of the mass send is missing" },
  41047: { kind: "fix", meaning: "no such mass send" },
  41048: { kind: "fix", meaning: "none of these customers can be sent to" },
  41049: { kind: "fix", meaning: "the welcome code is missing" },
  41050: { kind: "fix", meaning: "the welcome code is bad or came too late" },
  41051: { kind: "fix", meaning: "guide and customer chat already" },
  41053: { kind: "fix", meaning: "the customer has not agreed to archiving yet" },
  41054: { kind: "fix", meaning: "the guide's account is not activated" },
  41063: { kind: "retry", meaning: "the mass send is still being dispatched", retryAfter: 10 * second },
  41064: { kind: "fix", meaning: "too many attachments" },
  41065: { kind: "fix", meaning: "bad kind of attachment" },
  41072: { kind: "fix", meaning: "the file was uploaded for something else" },
  41079: { kind: "retry", meaning: "still being dispatched", retryAfter: 10 * second },
  41093: { kind: "fix", meaning: "the mass send was stopped" },
  41094: { kind: "wait", meaning: "reminded three times in 24 hours", retryAfter: day },
  41096: { kind: "retry", meaning: "another app is welcoming right now", retryAfter: second },
  42001: { kind: "retry", meaning: "the token expired, also after a refresh", retryAfter: minute },
  42003: { kind: "fix", meaning: "the sign-in code expired" },
  42012: { kind: "fix", meaning: "the page's ticket is of no use here" },
  42014: { kind: "fix", meaning: "bad task_id of a card" },
  42015: { kind: "fix", meaning: "a field of a card is wrong" },
  42016: { kind: "fix", meaning: "a field of a card is wrong" },
  42017: { kind: "fix", meaning: "a field of a card is wrong" },
  42018: { kind: "fix", meaning: "bad key of a button" },
  42019: { kind: "fix", meaning: "the key of a button is missing" },
  42020: { kind: "fix", meaning: "the text of a button is missing" },
  42022: { kind: "fix", meaning: "the sign-in code was used" },
  42052: { kind: "fix", meaning: "too old to be taken back" },
  43012: { kind: "operations", meaning: "the app has no callback URL" },
  44001: { kind: "fix", meaning: "the uploaded file is empty" },
  44004: { kind: "fix", meaning: "the text is empty" },
  45001: { kind: "fix", meaning: "the uploaded file is too large" },
  45002: { kind: "fix", meaning: "the content is too long" },
  45009: { kind: "wait", meaning: "called too often", retryAfter: minute },
  45029: { kind: "fix", meaning: "the answer would be too large: ask for less" },
  45033: { kind: "retry", meaning: "too many calls at the same time", retryAfter: second },
  45034: { kind: "fix", meaning: "an address without its scheme" },
  45035: { kind: "retry", meaning: "tags of one pair changed at the same time", retryAfter: second },
  48002: { kind: "operations", meaning: "this app may not call this API" },
  48006: { kind: "operations", meaning: "the API right was withdrawn" },
  50001: { kind: "operations", meaning: "the redirect domain is not trusted" },
  50002: { kind: "operations", meaning: "the member is out of scope" },
  50003: { kind: "operations", meaning: "the app is disabled" },
  50100: { kind: "retry", meaning: "bad cursor: page from the start" },
  60011: { kind: "operations", meaning: "no right on this member" },
  60020: { kind: "operations", meaning: "our address is not among the trusted IPs", retryAfter: minute },
  60031: { kind: "operations", meaning: "the app is barred from the API" },
  60111: { kind: "fix", meaning: "no such userid, or out of the app's visible range" },
  60140: { kind: "fix", meaning: "the response code is bad, old or used" },
  81012: { kind: "fix", meaning: "no receiver" },
  81013: { kind: "fix", meaning: "no receiver is within reach" },
  81017: { kind: "fix", meaning: "too many at once" },
  82001: { kind: "fix", meaning: "no receiver" },
  82002: { kind: "fix", meaning: "too many departments" },
  82003: { kind: "fix", meaning: "too many tags" },
  82101: { kind: "fix", meaning: "nobody to update" },
  82102: { kind: "fix", meaning: "one of them never got the card" },
  84061: { kind: "fix", meaning: "guide and customer are no contacts" },
  // one guide without the right must not stop everybody: not `operations`
  84074: { kind: "fix", meaning: "the guide has no right to external contacts" },
  84084: { kind: "fix", meaning: "the guide does not follow this customer" },
  301002: { kind: "operations", meaning: "the agentid is not this token's" },
  301042: { kind: "operations", meaning: "our address is not on the archive's list" },
  600018: { kind: "fix", meaning: "bad start or end time" },
  701008: { kind: "operations", meaning: "no licensed member" },
  2000002: { kind: "operations", meaning: "bad corpid" },
};

/** What a number means; one we do not know is shown to operations, since nothing says that trying again is safe. */
function meaningOf(code: number): WecomCode {
  return known[code] ?? { kind: "operations", meaning: "an error number we do not know" };
}

/** The ChannelError of an errcode answered by `path`. errmsg is kept for the log alone: its text may change. */
export function channelError(path: string, code: number, errmsg = ""): ChannelError {
  const { kind, meaning, retryAfter } = meaningOf(code);
  const said = errmsg ? ` (${errmsg.slice(0, 200)})` : "";
  return new ChannelError(kind, `WeCom ${path}: ${code} ${meaning}${said}`, code, retryAfter);
}

/** The ChannelError of a call that nobody answered well: what may have made something must not be repeated. */
export function noAnswer({ creates, path }: { creates: boolean; path: string }, why: string): ChannelError {
  return new ChannelError(creates ? "unknown" : "retry", `WeCom ${path}: ${why}`);
}

/** A call's failure in words; undefined for none, and for an error number that is the answer to what was asked. */
export function failureOf(error: Error | undefined, answers: readonly number[] = []): string | undefined {
  return error === undefined || hasCode(error, ...answers) ? undefined : error.message;
}

/** Whether an error is a ChannelError with one of these WeCom numbers. */
export function hasCode(error: unknown, ...codes: number[]): error is ChannelError {
  return error instanceof ChannelError && error.code !== undefined && codes.includes(error.code);
}
