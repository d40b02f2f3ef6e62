// The way "page": a tap claims the words at the server; only then they go into the chat, and what came of it is reported.
// Inside WeCom they go by its own functions (the open chat, else 群发助手), elsewhere over the clipboard by the guide's hand.
(() => {
  const { say } = window.guidepost;
  const { csrf, app } = document.body.dataset;
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
  const inChat = ["single_chat_tools", "chat_attachment"];
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

  // What came of a tap, kept until the server has it: a page that is closed or offline tells it the next time. Where a
  // browser keeps nothing, this page tries as long as it is open.
  const KEY = "guidepost.reports";
  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "[]");
    } catch {
      return [];
    }
  };
  let reports = stored();
  const keep = (left) => {
    reports = left;
    try {
      localStorage.setItem(KEY, JSON.stringify(left));
    } catch {
      // see above
    }
  };
  const tell = async (report) => {
    keep([...reports, report]);
    await flush();
  };
  let flushing = false;
  const flush = async () => {
    if (flushing) return;
    flushing = true;
    try {
      for (const report of [...reports]) {
        const { task, verb, values = {} } = report;
        const body = new URLSearchParams({ ...values, _csrf: csrf });
        // asked as a piece of a page: what no longer fits is answered in words, not by an error page
        const answer = await fetch(`/g/tasks/${task}/${verb}`, { method: "POST", body, headers: { "HX-Request": "true" } });
        if (answer.status >= 500 || answer.status === 401) return;
        keep(reports.filter(({ id }) => id !== report.id));
        const card = document.getElementById(`task-${task}`);
        if (!answer.ok || !card) continue;
        const said = answer.headers.get("HX-Trigger");
        if (said) say(JSON.parse(said).notice?.text ?? "");
        window.htmx.swap(`#task-${task}`, await answer.text(), { swapStyle: "outerHTML" });
      }
    } catch {
      say("网络不通，连上后会自动补记", "bad");
    } finally {
      flushing = false;
    }
  };
  window.addEventListener("online", flush);
  document.addEventListener("DOMContentLoaded", flush);

  // An error that comes before anything was shown or sent: the words are still here.
  const neverLeft = /permission|without context|not in allow|not exist|invalid|not support|签名/i;
  const put = async (task, customer, words) => {
    const { ww, entry, customer: current } = await client;
    if (inChat.includes(entry) && (entry === "chat_attachment" || current === customer))
      return ww.sendChatMessage({ msgtype: "text", text: { content: words }, enterChat: true });
    return ww.shareToExternalContact({ externalUserIds: [customer], text: { content: words } });
  };
  const hint = (task, text) => {
    const line = document.querySelector(`#report-${task} .hint`);
    if (line) line.textContent = text;
  };
  const going = new Set();
  const go = async (task, tap, customer) => {
    if (going.has(tap)) return;
    going.add(tap);
    const id = tap;
    try {
      await put(task, customer, wordsIn(task));
      await tell({ id, task, verb: "sent" });
    } catch (error) {
      const said = String(error?.errMsg ?? error?.message ?? "");
      if (/:cancel/.test(said)) return tell({ id, task, verb: "unsent", values: { why: "cancelled" } });
      if (neverLeft.test(said)) return tell({ id, task, verb: "unsent", values: { why: "refused", said: said.slice(0, 200) } });
      // nobody knows: the card asks, and nothing is sent again by itself
      hint(task, "没有等到企业微信的结果。请看看聊天里，这段话发出去了吗？");
    }
  };

  // The tap itself must copy: browsers allow it then and not after the server has answered.
  const taps = new Map();
  const isInClient = () => client.then((found) => found !== undefined, () => false);
  const encloses = (task) => Boolean(document.getElementById(`words-${task}`)?.dataset.with);
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target;
    const task = form.dataset?.take;
    if (!task) return;
    const words = wordsIn(task);
    taps.set(task, { customer: form.dataset.customer, words });
    if (!app || encloses(task)) copy(words).then((done) => done || say("没能复制，请长按话术手动复制", "bad"));
  });
  // The server has claimed the words for this tap: now they may go. It may have worded them anew meanwhile.
  document.addEventListener("htmx:afterSettle", async (event) => {
    const card = event.detail.elt?.closest?.("article.task");
    const task = card?.id.replace("task-", "");
    const tap = taps.get(task);
    if (!tap || !card.dataset.go) return;
    taps.delete(task);
    if (encloses(task)) {
      if (wordsIn(task) !== tap.words) say("话术刚刚有更新，请点「再复制一次」");
    } else if (await isInClient()) {
      go(task, card.dataset.go, tap.customer);
    } else if (app) {
      hint(task, "企业微信没有让这个页面发送。请点「再复制一次」，到聊天里粘贴发送，再回来点一下：");
    } else if (wordsIn(task) !== tap.words) say("话术刚刚有更新，请点「再复制一次」");
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy)?.textContent.trim() ?? "";
    say((await copy(text)) ? "已复制" : "没能复制，请长按话术手动复制");
  });

  // The side bar: whose chat is this?
  const bar = document.getElementById("chat");
  const nobody = (text) => { bar.querySelector("p").textContent = text; };
  const showCustomer = async () => {
    let found;
    try {
      found = await client;
    } catch (error) {
      return nobody(`企业微信没有让这个页面使用聊天功能：${error?.errMsg ?? error?.message ?? "请稍后再打开"}`);
    }
    if (!found) return nobody("请在企业微信与客户的聊天里，从右侧工具栏打开这个页面。");
    if (!found.customer) return nobody("这里看不到当前客户。请从与客户的聊天里打开侧边栏。");
    window.htmx.ajax("GET", `/g/chat/customers/${encodeURIComponent(found.customer)}`, { target: "#chat", swap: "innerHTML" });
  };
  if (bar) document.addEventListener("DOMContentLoaded", showCustomer);
})();
