// WeCom's pushes: who may speak, what was said, and that two deliveries of one push look alike.
import {
  type CallbackQuery,
  openCallback,
  readEvent,
  verifyUrl,
} from "../../../src/channels/wecom/callbacks.js";
import { CallbackFault, encrypt, signatureOf } from "../../../src/channels/wecom/crypto.js";
import { openVectors, sealVectors } from "./vectors.js";

const { token, aesKey, receiveid } = sealVectors;
const keys = { token, aesKey, corpid: receiveid };
const [check, push] = [openVectors[0]!, openVectors[1]!];

function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CallbackFault) return error.fault;
    throw error;
  }
  return "none";
}

function sealed(xml: string, seed = "0123456789abcdef"): { query: CallbackQuery; body: string } {
  const encrypted = encrypt(aesKey, receiveid, xml, Buffer.from(seed));
  const signature = signatureOf(token, "1772413200", "7", encrypted);
  return {
    query: { msg_signature: signature, timestamp: "1772413200", nonce: "7" },
    body: `<xml><ToUserName><![CDATA[${receiveid}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  };
}

describe("the URL check", () => {
  const query = {
    msg_signature: check.signature,
    timestamp: check.timestamp,
    nonce: check.nonce,
    echostr: check.encrypted,
  };

  test("is answered with the plain echostr, also when a decoder made spaces of its plus signs", () => {
    expect(verifyUrl(keys, query)).toBe(check.message);
    expect(check.encrypted).toContain("+");
    expect(verifyUrl(keys, { ...query, echostr: check.encrypted.replaceAll("+", " ") })).toBe(check.message);
  });

  test.each<[string, Partial<CallbackQuery>]>([
    ["another signature", { msg_signature: "0".repeat(40) }],
    ["no signature", { msg_signature: undefined }],
    ["another time", { timestamp: "1409659590" }],
    ["no echostr", { echostr: undefined }],
  ])("with %s is refused", (_name, change) => {
    expect(faultOf(() => verifyUrl(keys, { ...query, ...change }))).toBe("signature");
  });
});

describe("a push", () => {
  test("of the official demo opens", () => {
    const body = `<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[${push.encrypted}]]></Encrypt></xml>`;
    const query = { msg_signature: push.signature, timestamp: push.timestamp, nonce: push.nonce };
    const opened = openCallback(keys, query, body);
    expect(opened.xml).toBe(push.message);
    expect(readEvent(opened.xml)).toEqual({
      kind: "guideText",
      guideUserid: "mycreate",
      text: "hello",
      msgid: "4561255354251345929",
      at: 1409659813000,
    });
  });

  test("sealed twice has one digest, another push another", () => {
    const digest = (xml: string, seed: string): string => {
      const { query, body } = sealed(xml, seed);
      return openCallback(keys, query, body).digest;
    };
    const first = digest("<xml><a>1</a></xml>", "0123456789abcdef");
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(digest("<xml><a>1</a></xml>", "fedcba9876543210")).toBe(first);
    expect(digest("<xml><a>2</a></xml>", "0123456789abcdef")).not.toBe(first);
  });

  test.each<[string, string]>([
    ["no XML", "hello"],
    ["an empty body", ""],
    ["half an element", "<xml><Encrypt>"],
    ["a document type", '<!DOCTYPE xml [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>'],
    ["another root", "<html><p>x</p></html>"],
  ])("that is %s is refused", (_name, body) => {
    expect(faultOf(() => openCallback(keys, {}, body))).toBe("xml");
  });

  test("for another corp, or signed with another token, is refused", () => {
    const { query, body } = sealed("<xml><a>1</a></xml>");
    expect(faultOf(() => openCallback({ ...keys, corpid: "ww0" }, query, body))).toBe("receiver");
    expect(faultOf(() => openCallback({ ...keys, token: "other" }, query, body))).toBe("signature");
    expect(faultOf(() => openCallback(keys, query, "<xml><a>1</a></xml>"))).toBe("signature");
  });
});

describe("reading", () => {
  const head = "<FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1772413200</CreateTime>";
  const event = (inner: string): string => `<xml>${head}<MsgType><![CDATA[event]]></MsgType>${inner}</xml>`;
  const contact = (change: string, more = ""): string =>
    event(
      `<Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[${change}]]></ChangeType>` +
        `<UserID><![CDATA[lan]]></UserID><ExternalUserID><![CDATA[wm-1]]></ExternalUserID>${more}`,
    );
  const pair = { guideUserid: "lan", externalUserid: "wm-1", at: 1772413200000 };

  test.each([
    [
      "a new contact with its channel",
      contact("add_external_contact", "<State><![CDATA[store-7]]></State><WelcomeCode>w</WelcomeCode>"),
      { kind: "contactAdded", ...pair, state: "store-7", half: false, welcomeCode: "w" },
    ],
    [
      "one the guide has not answered",
      contact("add_half_external_contact"),
      { kind: "contactAdded", ...pair, state: "", half: true, welcomeCode: "" },
    ],
    [
      "the guide's removal",
      contact("del_external_contact"),
      { kind: "contactEnded", ...pair, by: "guide", transferred: false },
    ],
    [
      "a removal by transfer",
      contact("del_external_contact", "<Source><![CDATA[DELETE_BY_TRANSFER]]></Source>"),
      { kind: "contactEnded", ...pair, by: "guide", transferred: true },
    ],
    [
      "the customer's removal",
      contact("del_follow_user"),
      { kind: "contactEnded", ...pair, by: "customer", transferred: false },
    ],
    [
      "a transfer that failed",
      contact("transfer_fail", "<FailReason><![CDATA[customer_refused]]></FailReason>"),
      { kind: "transferFailed", ...pair, reason: "customer_refused" },
    ],
    [
      "a remark or tag changed by the guide",
      contact("edit_external_contact"),
      { kind: "contactEdited", ...pair },
    ],
    [
      "a corp tag made",
      event(
        "<Event>change_external_tag</Event><Id>et1</Id><TagType>tag</TagType><ChangeType>create</ChangeType>",
      ),
      { kind: "tagsChanged", at: pair.at },
    ],
    [
      "a member who left",
      event("<Event>change_contact</Event><ChangeType>delete_user</ChangeType><UserID>lan</UserID>"),
      { kind: "memberLeft", guideUserid: "lan", at: pair.at },
    ],
    [
      "a change of no use to us",
      contact("msg_audit_approved"),
      { kind: "other", name: "event.change_external_contact.msg_audit_approved", at: pair.at },
    ],
    [
      "a tap on a card, with one selected item or many",
      event(
        "<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[done-3]]></EventKey><TaskId><![CDATA[day@lan]]></TaskId>" +
          "<CardType>button_interaction</CardType><ResponseCode><![CDATA[rc1]]></ResponseCode>" +
          "<SelectedItems><SelectedItem><QuestionKey>q</QuestionKey><OptionIds><OptionId>1</OptionId><OptionId>2</OptionId></OptionIds></SelectedItem></SelectedItems>",
      ),
      {
        kind: "cardTap",
        guideUserid: "sys",
        key: "done-3",
        cardId: "day@lan",
        responseCode: "rc1",
        at: pair.at,
      },
    ],
    [
      "something else",
      event("<Event>msgaudit_notify</Event>"),
      { kind: "other", name: "event.msgaudit_notify", at: pair.at },
    ],
    [
      "a picture, which is answered too",
      `<xml>${head}<MsgType>image</MsgType><MsgId>7</MsgId></xml>`,
      { kind: "guideText", guideUserid: "sys", text: "[图片]", msgid: "7", at: pair.at },
    ],
    [
      "a kind nobody documented",
      `<xml>${head}<MsgType>hologram</MsgType></xml>`,
      { kind: "other", name: "hologram", at: pair.at },
    ],
  ])("%s", (_name, xml, expected) => {
    expect(readEvent(xml)).toEqual(expected);
  });

  test.each([
    ["<![CDATA[ 跳过 3  太忙 ]]>", " 跳过 3  太忙 "],
    ["<![CDATA[a &lt; b & <b>c</b>]]>", "a &lt; b & <b>c</b>"],
    ["<![CDATA[<!DOCTYPE x>]]>", "<!DOCTYPE x>"],
    ["a &lt; b &amp; c", "a < b & c"],
    ["007", "007"],
    ["", ""],
  ])("the words of a guide as typed: %s", (content, expected) => {
    const xml = `<xml>${head}<MsgType>text</MsgType><Content>${content}</Content><MsgId>20184054412018405441</MsgId></xml>`;
    expect(readEvent(xml)).toMatchObject({
      kind: "guideText",
      text: expected,
      msgid: "20184054412018405441",
    });
  });
});
