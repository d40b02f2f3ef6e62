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
  window.guidepost = { say };
  document.addEventListener("notice", (event) => say(event.detail.text, event.detail.kind));
  document.addEventListener("htmx:sendError", () => say("网络不通，请稍后再试", "bad"));
  document.addEventListener("htmx:timeout", () => say("网络太慢，请稍后再试", "bad"));
})();
