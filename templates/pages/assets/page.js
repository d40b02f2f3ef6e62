// What the pages do besides links and forms. No framework; works with htmx where a page has it.
(() => {
  // A form is sent once, however often it is tapped.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
  });

  // A good link opens by itself; without this script its button does.
  document.addEventListener("DOMContentLoaded", () => document.querySelector("form[data-auto]")?.requestSubmit());

  // A date or choice that is changed takes effect at once.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-live]");
    if (form?.checkValidity()) form.requestSubmit();
  });

  // One panel of a card at a time. (The attribute `name` would close a panel that comes in open beside its old self.)
  document.addEventListener("toggle", (event) => {
    if (!event.target.open) return;
    for (const other of event.target.parentElement?.querySelectorAll(".more > details[open]") ?? []) {
      if (other !== event.target) other.open = false;
    }
  }, true);

  // What the server says in passing.
  let timer;
  const say = (text, kind) => {
    let box = document.getElementById("notice");
    if (!box) {
      box = Object.assign(document.createElement("div"), { id: "notice" });
      box.setAttribute("role", "status");
      document.body.append(box);
    }
    box.textContent = text;
    box.className = `shown ${kind || ""}`;
    clearTimeout(timer);
    timer = setTimeout(() => { box.className = ""; }, 4000);
  };
  document.addEventListener("notice", (event) => say(event.detail.text, event.detail.kind));
  document.addEventListener("htmx:sendError", () => say("网络不通，请稍后再试", "bad"));
  document.addEventListener("htmx:timeout", () => say("网络太慢，请稍后再试", "bad"));

  // The way "page": put the words into the open chat when inside it, else onto the clipboard; then report.
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
  const wordsIn = (id) => document.getElementById(id)?.textContent.trim() ?? "";
  const taken = new Map();
  // Pictures and files go by the guide's own hand, and the words with them.
  const goesByItself = (id) => window.ww?.sendChatMessage && !document.getElementById(id)?.dataset.with;
  // The tap itself must copy: browsers allow it then and not after the server has answered.
  document.addEventListener("htmx:configRequest", (event) => {
    const id = event.target.dataset?.take;
    if (!id) return;
    taken.set(id, wordsIn(id));
    if (!goesByItself(id)) copy(wordsIn(id)).then((done) => done || say("没能复制，请长按话术手动复制", "bad"));
  });
  // The server has claimed the words: now they may go. It may have worded them anew meanwhile.
  document.addEventListener("htmx:afterSettle", async (event) => {
    const id = event.target.dataset?.take ?? event.detail.elt?.querySelector?.(".words")?.id;
    if (!taken.has(id)) return;
    const before = taken.get(id);
    taken.delete(id);
    const report = document.getElementById(id.replace("words-", "sent-"));
    if (!report) return;
    if (!goesByItself(id)) {
      if (wordsIn(id) !== before) say("话术刚刚有更新，请点「再复制」");
      return;
    }
    try {
      await window.ww.sendChatMessage({ msgtype: "text", text: { content: wordsIn(id) } });
      report.requestSubmit();
    } catch (error) {
      say(`没有发出：${error?.errMsg || error?.message || "请再试一次"}`, "bad");
    }
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) say((await copy(wordsIn(button.dataset.copy))) ? "已复制" : "没能复制，请长按话术手动复制");
  });
})();
