// The style and the script of the sandbox's page.

export const pageStyle = `
:root { color-scheme: light; --blue: #2b7bd6; --green: #95ec69; --line: #e3e6ea; --ink: #1d2129; --pale: #667080; }
* { box-sizing: border-box; margin: 0; }
body { font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink); background: #e9edf2;
  display: grid; grid-template-columns: 320px 1fr; height: 100dvh; }
aside { background: #fff; border-right: 1px solid var(--line); padding: 18px 14px; display: flex; flex-direction: column; gap: 10px; min-height: 0; }
h1 { font-size: 18px; color: var(--blue); } h2 { font-size: 16px; }
.hint, i, time { color: var(--pale); font-size: 12px; font-style: normal; }
a { color: inherit; text-decoration: none; }
input:not([type=hidden]) { width: 100%; min-width: 0; padding: 8px 10px; border: 1px solid var(--line); border-radius: 8px; font: inherit; background: #fff; color: var(--ink); }
button { font: inherit; cursor: pointer; border: 0; border-radius: 8px; padding: 7px 14px; background: var(--blue); color: #fff; white-space: nowrap; }
button:disabled { background: #dfe3e8; color: var(--pale); cursor: default; }
em { background: #fa5151; color: #fff; font-style: normal; border-radius: 9px; padding: 0 7px; font-size: 12px; font-weight: 400; }
.tabs { display: grid; grid-template-columns: 1fr 1fr; background: #f0f3f7; border-radius: 10px; padding: 3px; }
.tabs button { background: none; color: var(--pale); padding: 5px; } .tabs button.on { background: #fff; color: var(--ink); box-shadow: 0 1px 3px rgb(0 0 0 / .12); }
nav { overflow-y: auto; flex: 1; }
.who { display: flex; gap: 10px; align-items: center; padding: 7px 8px; border-radius: 8px; overflow-wrap: anywhere; } .who:hover { background: #f3f6fa; } .who.on { background: #e6f0fb; } .who em { margin-left: auto; }
.face { flex: none; width: 38px; height: 38px; border-radius: 8px; background: #c9d9ec; color: #21476f; display: grid; place-items: center; }
.fresh { display: grid; grid-template-columns: 1fr 1fr; gap: 6px; padding: 2px 0 10px; margin-bottom: 6px; border-bottom: 1px solid var(--line); } .fresh button { grid-column: 1 / -1; }
main { display: grid; place-items: center; padding: 16px; min-height: 0; }
#phone { width: 390px; max-width: 100%; height: min(844px, 100%); min-height: 0; background: #f1f3f6; border: 9px solid #22262c; border-radius: 36px; overflow: hidden; display: flex; flex-direction: column; box-shadow: 0 12px 40px rgb(20 40 70 / .22); }
.empty { margin: auto; padding: 40px; color: var(--pale); text-align: center; }
#phone header { display: flex; gap: 8px; align-items: center; padding: 10px 12px; background: #fff; border-bottom: 1px solid var(--line); }
#phone header h2 { flex: 1; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; } #phone h2 i { display: block; font-weight: 400; line-height: 1.2; } .back { font-size: 26px; line-height: 1; padding: 2px 10px 6px; color: var(--blue); } .other { color: var(--blue); font-size: 13px; white-space: nowrap; }
.log { overflow-y: auto; flex: 1; min-height: 0; display: flex; flex-direction: column; gap: 10px; padding: 12px; overflow-wrap: anywhere; }
.log > .hint { text-align: center; margin: auto; } .list { padding: 0; gap: 0; background: #fff; }
.chat { display: flex; gap: 10px; align-items: center; padding: 10px 12px; border-bottom: 1px solid #f0f1f3; } .chat:hover { background: #f7f9fb; } .chat > time { align-self: flex-start; white-space: nowrap; }
.what { flex: 1; min-width: 0; display: flex; flex-direction: column; } .what b { font-weight: 500; } .what i { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.talk > time { align-self: center; } .talk p { display: flex; } .talk p span { padding: 8px 12px; border-radius: 10px; background: #fff; max-width: 84%; } .talk .mine { justify-content: flex-end; } .talk .mine span { background: var(--green); }
article { background: #fff; border-radius: 12px; padding: 10px 12px; } .card { max-width: 92%; } .card h4 { font-size: 15px; margin: 2px 0; } .card th { color: var(--pale); font-weight: 400; padding-right: 10px; text-align: left; vertical-align: top; white-space: nowrap; }
.talk article p { display: block; } img { max-width: 100%; border-radius: 8px; } .talk .theirs img { max-width: 84%; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; } .buttons a { border-radius: 8px; padding: 7px 14px; background: var(--blue); color: #fff; }
.mass.stopped { opacity: .6; } .mass ul { list-style: none; padding: 6px 0; color: var(--pale); font-size: 13px; max-height: 130px; overflow-y: auto; } .mass .tap button { width: 100%; } .mass .tap { display: grid; }
.typing { display: flex; gap: 8px; padding: 10px 12px; background: #fff; border-top: 1px solid var(--line); } .more { padding: 0 12px 4px; text-align: right; } .more a.quiet { color: #2b7bd6; font-size: 12px; margin-right: 14px; text-decoration: none; } .quiet button { background: none; color: #c0392b; padding: 2px 0; font-size: 12px; } .over { padding: 14px; text-align: center; background: #fff; }
#note { position: fixed; left: 50%; bottom: 90px; width: max-content; transform: translateX(-50%); background: #22262c; color: #fff; border-radius: 8px; padding: 8px 16px; max-width: 90vw; }
@media (max-width: 760px) {
  body { grid-template-columns: 1fr; } main { padding: 0; place-items: stretch; display: none; } #phone { width: 100%; height: 100dvh; border: 0; border-radius: 0; }
  body.held aside { display: none; } body.held main { display: grid; }
}
`;

/** Keeps the list and the phone fresh, follows the address's #…, and sends what is tapped or typed. */
export const pageScript = `
const phone = document.getElementById("phone"), people = document.getElementById("people"), search = document.getElementById("search");
const empty = phone.innerHTML;
let kind = location.hash.startsWith("#m/") ? "customers" : "guides";
const screenPath = () => location.hash.slice(1);
async function text(path) { const answer = await fetch(path); return answer.ok ? answer.text() : undefined; }
function mark() {
  const person = screenPath().split("/").slice(0, 2).join("/");
  for (const one of people.querySelectorAll(".who")) one.classList.toggle("on", one.hash === "#" + person);
  for (const one of document.querySelectorAll(".tabs button")) one.classList.toggle("on", one.dataset.kind === kind);
}
async function list() {
  const typed = people.contains(document.activeElement) && document.activeElement.value;
  const html = typed ? undefined : await text("/sandbox/people/" + kind + "?q=" + encodeURIComponent(search.value.trim()));
  if (html !== undefined) people.innerHTML = html;
  mark();
}
let shown = "", last = "";
async function refresh() {
  const path = screenPath();
  document.body.classList.toggle("held", path !== "");
  if (path === "") { shown = last = ""; phone.innerHTML = empty; return; }
  const html = (await text("/sandbox/screens/" + path)) ?? '<p class="empty">没有这个人，或者还没有加过好友。<br><a class="other" href="#">回到名单</a></p>';
  if (path !== screenPath() || (html === last && path === shown)) return;
  last = html;
  const log = phone.querySelector(".log"), input = phone.querySelector("input[name=text]");
  const same = shown === path, scroll = log?.scrollTop ?? 0;
  const below = !log || log.scrollHeight - log.clientHeight - scroll < 40;
  const words = same && input ? input.value : "", focus = same && document.activeElement === input;
  phone.innerHTML = html;
  shown = path;
  const now = phone.querySelector(".log");
  if (now?.classList.contains("talk")) now.scrollTop = same && !below ? scroll : 1e9;
  else if (now && same) now.scrollTop = scroll;
  const box = phone.querySelector("input[name=text]");
  if (box) { box.value = words; if (focus) box.focus(); }
}
function say(words) {
  document.getElementById("note")?.remove();
  const note = Object.assign(document.createElement("div"), { id: "note", textContent: words });
  document.body.append(note);
  setTimeout(() => note.remove(), 3000);
}
document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, button = form.querySelector("button");
  if (form.classList.contains("quiet") && !confirm(button.textContent + "？")) return;
  const body = new URLSearchParams(new FormData(form));
  button.disabled = true;
  try {
    const answer = await fetch("/sandbox/verbs/" + form.dataset.verb, { method: "POST", body });
    const { done, go, why } = await answer.json();
    if (!done) say(why ?? "没有成功");
    else { form.reset(); if (go) location.hash = go; }
  } catch { say("沙箱没有回答"); } finally { button.disabled = false; }
  await Promise.all([refresh(), list()]);
});
document.querySelector(".tabs").addEventListener("click", (event) => {
  if (event.target.dataset.kind) { kind = event.target.dataset.kind; list(); }
});
search.addEventListener("input", list);
addEventListener("hashchange", () => { refresh(); mark(); });
setInterval(() => { if (!document.hidden) { refresh(); } }, 2000);
setInterval(() => { if (!document.hidden) list(); }, 10000);
list(); refresh();
`;
