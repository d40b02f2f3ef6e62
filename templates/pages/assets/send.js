// The way "page": a tap claims the words at the server; only then they go into the chat, and what came of it is reported.
// Inside WeCom they go by its own functions (the open chat, else 群发助手), elsewhere over the clipboard by the guide's hand.
(() => {
  const { say } = window.guidepost;
  const { app } = document.body.dataset;
  /** ms after which words do not go into a chat by themselves any more */
  const LATE = 60000;
  const wordsIn = (task) => document.getElementById(`words-${task}`)?.textContent.trim() ?? "";

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text, className: "offstage" });
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  // What WeCom lets this page do: undefined outside of it, or where it does not know us.
  const sees = ["single_chat_tools", "contact_profile"];
  const open = async () => {
    const { ww } = window;
    if (!ww || !app) return undefined;
    const [corpId, agentId] = app.split(" ");
    const signed = new Map();
    const sign = (which) => async (url) => {
      if (!signed.has(url))
        signed.set(url, fetch(`/g/chat/signature?url=${encodeURIComponent(url)}`).then((answer) => {
          if (!answer.ok) throw new Error("签名取不到");
          return answer.json();
        }));
      return (await signed.get(url))[which];
    };
    ww.register({
      corpId,
      agentId,
      jsApiList: ["getContext", "getCurExternalContact", "sendChatMessage", "shareToExternalContact"],
      getConfigSignature: sign("corp"),
      getAgentConfigSignature: sign("agent"),
    });
    const { entry } = await ww.getContext();
    const customer = sees.includes(entry) ? (await ww.getCurExternalContact()).userId : "";
    return { ww, entry, customer };
  };
  const client = open();
  client.catch(() => undefined);

  // What came of a tap goes the way of all taps: kept until the server has it.
  const tell = ({ card, into, task, tasks, verb, values = [] }) =>
    window.guidepost.tap({
      url: tasks ? `/g/batches/${verb}` : `/g/tasks/${task}/${verb}`,
      values: tasks ? [...values, ["tasks", tasks]] : values,
      ...{ into, mark: card, label: document.getElementById("net").dataset[verb] ?? "" },
    });

  // An error that comes before anything was shown or sent: the words are still here.
  const neverLeft = /permission|without context|not in allow|not exist|invalid|not support|签名/i;
  /** An error of ours, before anything was handed to WeCom. `why`: as the server knows it. */
  const notBegun = (why, said) => Object.assign(new Error(said), { why });
  /** What goes with the words, made ready by the server. `notReady`: cannot be had now; `byHand`: never from a page. */
  const partsOf = async (task) => {
    const answer = await fetch(`/g/tasks/${task}/parts`, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (!answer?.ok) throw notBegun("not_ready", "附件取不到");
    return answer.json();
  };
  // What of a task is in the chat though its words are not: a second tap leaves it out. A browser that keeps nothing
  // remembers while the page is open.
  const KEPT = "guidepost.parts.";
  const inChat = new Map();
  const partsIn = (task) => {
    if (inChat.has(task)) return [...inChat.get(task)];
    try {
      return JSON.parse(sessionStorage.getItem(KEPT + task) ?? "[]");
    } catch {
      return [];
    }
  };
  const keepIn = (task, parts) => {
    inChat.set(task, [...parts]);
    try {
      if (parts.length > 0) sessionStorage.setItem(KEPT + task, JSON.stringify(parts));
      else sessionStorage.removeItem(KEPT + task);
    } catch {
      // remembered above
    }
  };
  /** Puts words and what goes with them into the chat: the words last, so that they never stand there without it. Gives the
   *  names of what only the guide's hand can send; then nothing was put there at all. */
  const put = async ({ customers, words, task, encloses }) => {
    const { ww, entry, customer: current } = await client;
    const { parts, notReady, byHand } = encloses ? await partsOf(encloses) : { parts: [], notReady: [], byHand: [] };
    if (notReady.length > 0) throw notBegun("not_ready", notReady.join("、"));
    const isOpen = entry === "chat_attachment" || (entry === "single_chat_tools" && current === customers[0]);
    const isShared = customers.length > 1 || !isOpen;
    const stays = [...byHand, ...parts.filter(({ share }) => isShared && !share).map(({ name }) => name)];
    if (stays.length > 0) return stays;
    if (isShared) {
      const attachments = parts.map(({ share }) => share);
      const text = { content: words };
      await ww.shareToExternalContact({ externalUserIds: customers, text, ...(attachments.length ? { attachments } : {}) });
      return [];
    }
    const there = partsIn(task);
    for (const [at, { chat, name }] of parts.entries()) {
      const part = `${at} ${name}`;
      if (there.includes(part)) continue;
      await ww.sendChatMessage({ ...chat, enterChat: true });
      there.push(part);
      keepIn(task, there);
    }
    await ww.sendChatMessage({ msgtype: "text", text: { content: words }, enterChat: true });
    keepIn(task, []);
    return [];
  };
  const hint = (card, text) => {
    const line = document.querySelector(`#${card} .report .hint`);
    if (line) line.textContent = text;
  };
  const going = new Set();
  const go = async (what) => {
    const { tap, card } = what;
    if (going.has(tap)) return;
    going.add(tap);
    try {
      const byHand = await put(what);
      if (byHand.length === 0) tell({ ...what, verb: "sent" });
      else hint(card, `还没有发出：${byHand.join("、")}不能从这里发。请把话术和附件一起手动发给客户，再点「已发送」；不发就点「没有发出」。`);
    } catch (error) {
      const said = String(error?.errMsg ?? error?.message ?? "");
      if (error?.why) return tell({ ...what, verb: "unsent", values: [["why", error.why], ["said", said.slice(0, 200)]] });
      if (/:cancel/.test(said)) return tell({ ...what, verb: "unsent", values: [["why", "cancelled"]] });
      if (neverLeft.test(said))
        return tell({ ...what, verb: "unsent", values: [["why", "refused"], ["said", said.slice(0, 200)]] });
      // nobody knows: the card asks, and nothing is sent again by itself
      hint(card, "没有等到企业微信的结果。请看看聊天里，这段话发出去了吗？");
    }
  };

  // The tap itself must copy: browsers allow it then and not after the server has answered.
  const wordsBefore = new Map();
  const isInClient = () => client.then((found) => found !== undefined, () => false);
  document.addEventListener("tap:begun", (event) => {
    const { tap } = event.detail;
    if (!tap.takes) return;
    const words = wordsIn(tap.takes);
    wordsBefore.set(tap.key, words);
    if (!app) copy(words).then((done) => done || say("没能复制，请长按话术手动复制", "bad"));
  });
  // The server has claimed the words for this tap: now they may go. It may have worded them anew meanwhile. A tap from
  // before this page was opened, or long ago, is left to the guide: the card asks.
  document.addEventListener("tap:answered", async (event) => {
    const { key, takes, at, ok, into } = event.detail;
    const before = wordsBefore.get(key);
    if (!takes || !ok || before === undefined || Date.now() - at > LATE) return;
    wordsBefore.delete(key);
    const card = document.getElementById(takes.startsWith("same-") ? takes : `task-${takes}`);
    if (card?.dataset.go !== key) return;
    const { tasks, customers, customer } = card.dataset;
    const words = wordsIn(takes);
    // of several who are told the same the first one's, for they get the same
    const encloses = document.getElementById(`words-${takes}`)?.dataset.with ? takes.replace("same-", "") : "";
    const what = { tap: key, card: card.id, into, task: takes, tasks, words, encloses };
    if (await isInClient()) go({ ...what, customers: tasks ? customers.split(",") : [customer] });
    else if (app) hint(card.id, "企业微信没有让这个页面发送。请点「再复制一次」，到聊天里粘贴发送，再回来点一下：");
    else if (words !== before) say("话术刚刚有更新，请点「再复制一次」");
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy)?.textContent.trim() ?? "";
    say((await copy(text)) ? "已复制" : "没能复制，请长按话术手动复制");
  });

  // The side bar: whose chat is this?
  const chat = document.getElementById("chat");
  const nobody = (text) => { chat.querySelector("p").textContent = text; };
  const showCustomer = async () => {
    let found;
    try {
      found = await client;
    } catch (error) {
      return nobody(`企业微信没有让这个页面使用聊天功能：${error?.errMsg ?? error?.message ?? "请稍后再打开"}`);
    }
    if (!found) return nobody("请在企业微信与客户的聊天里，从右侧工具栏打开这个页面。");
    if (!found.customer) return nobody("这里看不到当前客户。请从与客户的聊天里打开侧边栏。");
    const headers = { "HX-Request": "true" };
    const answer = await fetch(`/g/chat/customers/${encodeURIComponent(found.customer)}`, { headers }).catch(() => undefined);
    if (!answer?.ok) return nobody("网络不通，请稍后再打开。");
    chat.innerHTML = await answer.text();
    document.dispatchEvent(new CustomEvent("tap:shown"));
  };
  if (chat) document.addEventListener("DOMContentLoaded", showCustomer);
})();
