// Scripts and style of the client the sandbox plays: the bridge inside a page, and the chat around it.

/** How WeCom's own browser names itself. */
export const userAgent =
  "Mozilla/5.0 (Linux; Android 14; sandbox) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36 wxwork/4.1.36 MicroMessenger/7.0.1 Language/zh";

/** What the client puts into every page: WeixinJSBridge, as the JS-SDK calls it. Where we are stands in window.name. */
export const bridgeScript = `(() => {
  Object.defineProperty(navigator, "userAgent", { get: () => ${JSON.stringify(userAgent)} });
  const page = crypto.randomUUID();
  const place = () => { try { return JSON.parse(window.name); } catch { return { entry: "normal", chat: "" }; } };
  const call = async (name, params, tapped) => {
    const { entry, chat } = place();
    const answer = await fetch("/sandbox-client/invoke", {
      method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ page, name, params, url: location.href.split("#")[0], entry, chat, tapped }),
    });
    return answer.json();
  };
  let asked = 0;
  const askGuide = (ask) => new Promise((resolve) => {
    const id = page + ++asked;
    if (window.parent === window) return resolve({ yes: !ask.mayNot && confirm(ask.title + "\\n\\n" + ask.text) });
    const hear = ({ source, data }) => {
      if (source !== window.parent || data?.sandbox !== "answer" || data.id !== id) return;
      window.removeEventListener("message", hear);
      resolve(data);
    };
    window.addEventListener("message", hear);
    window.parent.postMessage({ sandbox: "ask", id, ask }, "*");
  });
  window.WeixinJSBridge = {
    on() {},
    async invoke(name, params, callback) {
      let answer = await call(name, params, false);
      if (answer.ask) {
        const { yes, silent } = await askGuide(answer.ask);
        answer = yes ? await call(name, params, true) : { err_msg: name + ":cancel" };
        if (window.parent !== window) window.parent.postMessage({ sandbox: "done" }, "*");
        if (yes && silent) return;
      }
      callback(answer);
    },
  };
})();`;

export const chatStyle = `
:root { color-scheme: light dark; --ground: #ededed; --paper: #fff; --ink: #1d2129; --pale: #6f7783; --line: #dfe2e6; --mine: #95ec69; --mine-ink: #12230a; --blue: #2b7bd6; }
@media (prefers-color-scheme: dark) { :root { --ground: #111; --paper: #1f1f1f; --ink: #e7e7e7; --pale: #9a9a9a; --line: #333; --mine: #2f8f4e; --mine-ink: #fff; --blue: #6aa9ee; } }
* { box-sizing: border-box; margin: 0; }
body { font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; background: var(--ground); color: var(--ink); height: 100dvh; display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) 400px; }
header { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; padding: 10px 16px; background: var(--paper); border-bottom: 1px solid var(--line); }
header h1 { font-size: 16px; } header i, .hint { font-style: normal; color: var(--pale); font-size: 13px; } header a { color: var(--blue); text-decoration: none; }
header label { font-size: 13px; color: var(--pale); display: inline-flex; gap: 6px; align-items: center; min-height: 32px; } header .right { margin-left: auto; display: flex; flex-wrap: wrap; gap: 6px 14px; }
.talk { display: flex; flex-direction: column; min-height: 0; } #log { flex: 1; overflow-y: auto; padding: 16px; display: flex; flex-direction: column; gap: 10px; }
#log p { display: flex; flex-direction: column; align-items: flex-start; } #log p.guide { align-items: flex-end; } #log time { font-size: 12px; color: var(--pale); }
#log span { background: var(--paper); border-radius: 8px; padding: 8px 12px; max-width: min(85%, 30em); overflow-wrap: anywhere; } #log p.guide span { background: var(--mine); color: var(--mine-ink); }
.talk form { display: flex; gap: 8px; padding: 10px 12px; background: var(--paper); border-top: 1px solid var(--line); } .talk input[name=text] { flex: 1; min-width: 0; }
input[name=text], input[type=search], select, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 8px; padding: 7px 12px; min-height: 40px; }
button { cursor: pointer; background: var(--blue); border-color: transparent; color: #fff; } button.plain { background: none; color: inherit; border-color: var(--line); }
iframe { width: 100%; height: 100%; border: 0; border-left: 1px solid var(--line); background: var(--ground); }
dialog { margin: auto; width: min(92vw, 380px); border: 0; border-radius: 14px; padding: 20px; background: var(--paper); color: var(--ink); } dialog::backdrop { background: rgb(0 0 0 / .45); }
dialog p { margin: 10px 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 40vh; overflow-y: auto; } dialog div { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; } dialog label { display: block; margin-bottom: 12px; font-size: 13px; color: var(--pale); }
.door { grid-column: 1 / -1; max-width: 460px; width: 100%; margin: 0 auto; padding: 24px 16px; display: grid; gap: 12px; align-content: start; } .door svg { width: 160px; margin: 0 auto; background: #fff; padding: 8px; border-radius: 8px; }
.door nav { display: grid; gap: 6px; } .door nav a, .door .other { display: block; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 9px 14px; color: inherit; text-decoration: none; min-height: 42px; } body.doors { height: auto; display: block; }
@media (max-width: 760px) { body { grid-template: auto minmax(0, 38%) minmax(0, 1fr) / minmax(0, 1fr); } iframe { border-left: 0; border-top: 1px solid var(--line); } }
`;

/** The chat: keeps itself fresh, and asks the guide what the page wants to send. */
export const chatScript = `
const log = document.getElementById("log"), dialog = document.querySelector("dialog"), frame = document.querySelector("iframe");
let shown = "";
const refresh = async () => {
  const answer = await fetch(location.pathname + "/log");
  const html = await answer.text();
  if (!answer.ok || html === shown) return;
  shown = html; log.innerHTML = html; log.scrollTop = log.scrollHeight;
};
for (const form of document.querySelectorAll("form[data-verb]")) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  form.reset();
  await fetch("/sandbox/verbs/" + form.dataset.verb, { method: "POST", body });
  refresh();
});
const entry = document.getElementById("entry");
const openPage = () => {
  const normal = entry.value === "normal";
  const next = frame.cloneNode();
  next.name = JSON.stringify({ entry: entry.value, chat: normal ? "" : frame.dataset.chat });
  next.src = frame.dataset.origin + (normal ? "/g/today" : "/g/chat");
  document.querySelector("iframe").replaceWith(next);
};
entry?.addEventListener("change", openPage);
let answered;
window.addEventListener("message", ({ source, origin, data }) => {
  const now = document.querySelector("iframe");
  if (!now || source !== now.contentWindow || origin !== frame.dataset.origin) return;
  if (data?.sandbox === "done") return void refresh();
  if (data?.sandbox !== "ask") return;
  dialog.querySelector("h2").textContent = data.ask.title;
  dialog.querySelector("p").textContent = data.ask.mayNot || data.ask.text;
  dialog.querySelector("[value=yes]").disabled = data.ask.mayNot !== "";
  answered = (yes) => source.postMessage({ sandbox: "answer", id: data.id, yes, silent: document.getElementById("silent").checked }, origin);
  dialog.returnValue = "";
  dialog.showModal();
});
dialog?.addEventListener("close", () => answered?.(dialog.returnValue === "yes"));
if (log) { refresh(); setInterval(() => document.hidden || refresh(), 2000); }
`;
