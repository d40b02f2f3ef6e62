// The style and the script of the sandbox's page.

export const pageStyle = `
:root { color-scheme: light; --blue: #2b7bd6; --green: #95ec69; --line: #e3e6ea; --ink: #1d2129; --pale: #7a828e; }
* { box-sizing: border-box; margin: 0; }
body { font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: var(--ink); background: #eef1f5;
  display: grid; grid-template-columns: 260px 1fr; height: 100vh; }
aside { background: #fff; border-right: 1px solid var(--line); padding: 18px 14px; display: flex; flex-direction: column; gap: 10px; min-height: 0; }
h1 { font-size: 18px; color: var(--blue); }
.hint, i, time { color: var(--pale); font-size: 12px; font-style: normal; }
input:not([type=hidden]) { width: 100%; padding: 8px 10px; border: 1px solid var(--line); border-radius: 8px; font: inherit; background: #fff; }
nav { overflow-y: auto; flex: 1; }
.who { display: block; width: 100%; text-align: left; padding: 8px 10px; border: 0; border-radius: 8px; background: none; font: inherit; cursor: pointer; }
.who:hover { background: #f3f6fa; } .who.on { background: #e6f0fb; }
main { overflow: auto; padding: 18px; display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); grid-template-rows: auto 1fr; gap: 14px; align-items: stretch; min-height: 0; }
main header { grid-column: 1 / -1; display: flex; gap: 10px; align-items: baseline; }
.empty { color: var(--pale); align-self: center; justify-self: center; grid-column: 1 / -1; }
.phone { background: #f7f8fa; border: 1px solid var(--line); border-radius: 18px; padding: 12px; display: flex; flex-direction: column; gap: 10px; min-height: 320px; max-height: calc(100vh - 92px); box-shadow: 0 4px 18px rgb(30 50 80 / .06); }
.phone h3 { font-size: 15px; text-align: center; } em { background: #fa5151; color: #fff; font-style: normal; border-radius: 9px; padding: 0 7px; font-size: 12px; }
.log { overflow-y: auto; flex: 1; display: flex; flex-direction: column; gap: 10px; }
article, .chat { background: #fff; border: 1px solid var(--line); border-radius: 12px; padding: 10px 12px; overflow-wrap: anywhere; }
article time { display: block; } .card h4 { font-size: 15px; margin: 2px 0; } .card th { color: var(--pale); font-weight: 400; padding-right: 10px; text-align: left; }
.said { background: var(--green); align-self: flex-end; max-width: 88%; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.mass.stopped { opacity: .55; } .mass ul { list-style: none; padding: 6px 0; color: var(--pale); font-size: 13px; max-height: 120px; overflow-y: auto; }
form { display: flex; gap: 8px; } form.tap { display: inline-flex; }
button, .buttons a { font: inherit; cursor: pointer; text-decoration: none; } form button, .buttons a { border: 0; border-radius: 8px; padding: 6px 14px; background: var(--blue); color: #fff; white-space: nowrap; }
.chat form.tap button { background: none; color: #c0392b; padding: 4px 0; font-size: 12px; }
.chat summary { cursor: pointer; } .chat p { display: flex; flex-direction: column; margin: 6px 0; align-items: flex-start; }
.chat p span { background: #f1f3f5; border-radius: 10px; padding: 6px 10px; max-width: 88%; } .chat p.guide { align-items: flex-end; } .chat p.guide span { background: var(--green); }
@media (max-width: 760px) { body { grid-template-columns: 1fr; grid-template-rows: auto 1fr; height: auto; } nav { max-height: 180px; } }
`;

/** Shows the chosen phone, keeps it fresh every few seconds, and sends what is tapped or typed. */
export const pageScript = `
const screen = document.getElementById("screen");
let userid = decodeURIComponent(location.hash.slice(1));
const kept = () => ({
  open: [...screen.querySelectorAll("details[open]")].map((one) => one.dataset.key),
  scroll: [...screen.querySelectorAll(".log")].map((one) => one.scrollTop),
});
function show(html, before) {
  screen.innerHTML = html;
  for (const one of screen.querySelectorAll("details")) one.open = before.open.includes(one.dataset.key);
  screen.querySelectorAll(".log").forEach((one, at) => { one.scrollTop = before.scroll[at] ?? (at === 0 ? 1e9 : 0); });
}
async function refresh() {
  if (!userid) return;
  const answer = await fetch("/sandbox/screens/" + encodeURIComponent(userid));
  if (answer.ok) show(await answer.text(), kept());
}
function choose(next) {
  userid = next;
  location.hash = encodeURIComponent(next);
  for (const one of document.querySelectorAll(".who")) one.classList.toggle("on", one.dataset.userid === next);
  screen.innerHTML = "";
  refresh();
}
document.getElementById("guides").addEventListener("click", (event) => {
  const who = event.target.closest(".who");
  if (who) choose(who.dataset.userid);
});
document.getElementById("search").addEventListener("input", (event) => {
  for (const one of document.querySelectorAll(".who")) one.hidden = !one.textContent.includes(event.target.value.trim());
});
screen.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const before = kept();
  const answer = await fetch("/sandbox/verbs/" + form.dataset.verb, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer.ok) show(await answer.text(), before);
});
setInterval(() => {
  const typing = document.activeElement?.matches?.("#screen input") && document.activeElement.value !== "";
  if (!typing && !document.hidden) refresh();
}, 3000);
if (userid) choose(userid);
`;
