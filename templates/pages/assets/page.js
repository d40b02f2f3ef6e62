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
  // What cannot be taken back is asked about first.
  document.addEventListener("submit", (event) => {
    const { sure } = event.target.dataset;
    if (sure && !window.confirm(sure)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
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

  // What takes long is seen to be on its way (desk.css lets it appear only after a moment).
  const busy = (by) => {
    const line = document.getElementById("busy");
    if (line) line.dataset.on = Math.max(0, Number(line.dataset.on || 0) + by);
  };
  document.addEventListener("htmx:beforeRequest", () => busy(1));
  document.addEventListener("htmx:afterRequest", () => busy(-1));
  window.addEventListener("beforeunload", () => { busy(1); setTimeout(() => busy(-1), 8000); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) busy(-99); });

  // A menu closes when one goes elsewhere.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details[data-menu][open]");
    closeMenus();
    menu?.querySelector("summary").focus();
  });

  // What can be moved sideways can be moved by the keyboard.
  const reachable = () => {
    for (const box of document.querySelectorAll(".table-wrap, [data-scrolls]")) {
      const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1;
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  for (const event of ["DOMContentLoaded", "htmx:afterSettle"]) document.addEventListener(event, reachable);
  window.addEventListener("resize", reachable);

  // The place one is at is in sight, where the places do not fit beside each other.
  document.addEventListener("DOMContentLoaded", () => {
    for (const at of document.querySelectorAll(".top-nav [aria-current], .report-tabs [aria-current]"))
      at.parentElement.scrollLeft = at.offsetLeft - at.parentElement.clientWidth / 2 + at.clientWidth / 2;
  });

  // A dialog opens over its page; without this script its link leads to a page of the same.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
  });

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
  const either = (zh, en) => (document.documentElement.lang === "en" ? en : zh);
  window.guidepost = { say, either };
  document.addEventListener("notice", (event) => say(event.detail.text, event.detail.kind));
  document.addEventListener("htmx:sendError", () => say(either("网络不通，请稍后再试", "No connection. Try again later."), "bad"));
  document.addEventListener("htmx:timeout", () => say(either("网络太慢，请稍后再试", "The network is too slow. Try again later."), "bad"));
})();
