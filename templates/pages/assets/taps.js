// Taps on a guide's pages. Each is written down in the browser with a key of its own before it is sent, and forgotten when
// the server has answered: without network none is lost, and told twice it is done once. Forms work without this script.
(() => {
  const { me, csrf, worker, kept } = document.body.dataset;
  const { say } = window.guidepost;
  const net = document.getElementById("net");
  if (!me || !net) return;
  const word = (name, values = {}) =>
    Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), net.dataset[name] ?? "");

  // What waits, by account: a phone may be shared. Where a browser keeps nothing, this page remembers while it is open.
  const KEY = `guidepost.taps.${me}`;
  let memory = [];
  let keeps = true;
  const waiting = () => {
    if (!keeps) return memory;
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "[]");
    } catch {
      return memory;
    }
  };
  const write = (taps) => {
    memory = taps;
    try {
      localStorage.setItem(KEY, JSON.stringify(taps));
      keeps = true;
    } catch {
      keeps = false;
    }
  };
  const freshKey = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // How a card shows what waits.
  const flying = new Set();
  const mark = (tap, isPending) => {
    const card = document.getElementById(tap.mark);
    if (!card) return;
    card.classList.toggle("busy", !isPending);
    card.classList.toggle("pending", isPending);
    for (const button of card.querySelectorAll("button")) if (!button.matches("[data-copy], .undo")) button.disabled = true;
    if (!isPending || card.querySelector(".pending-line")) return;
    const line = Object.assign(document.createElement("p"), { className: "pending-line" });
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "undo", textContent: word("undo") });
    undo.dataset.undo = tap.key;
    line.append(word("pending", { what: tap.label }), undo);
    line.setAttribute("role", "status");
    card.prepend(line);
  };
  const unmark = (tap) => {
    const card = document.getElementById(tap.mark);
    if (!card) return;
    card.classList.remove("busy", "pending");
    card.querySelector(".pending-line")?.remove();
    for (const button of card.querySelectorAll("button")) button.disabled = false;
  };

  // What the page says of the network. `state`: "" when it works.
  let state = "";
  const show = () => {
    const n = waiting().length;
    const stale = kept && state !== "" ? word("kept", { n: kept }) : word(state);
    const text = state === "" ? "" : [stale, n > 0 ? word("waiting", { n }) : ""].filter(Boolean).join(" · ");
    net.textContent = text;
    net.hidden = text === "";
  };
  const tell = (now) => {
    state = now;
    show();
  };

  /** Puts an answer's pieces where they belong. */
  const swap = (tap, html) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    for (const piece of box.content.querySelectorAll("[hx-swap-oob]")) {
      piece.removeAttribute("hx-swap-oob");
      const old = document.getElementById(piece.id);
      if (old) old.replaceWith(piece);
      else piece.remove();
    }
    const target = document.getElementById(tap.into);
    if (!target) return;
    if (target.id === "list") target.replaceChildren(box.content);
    else target.replaceWith(box.content);
  };

  let pause = 0;
  let timer;
  const again = () => {
    clearTimeout(timer);
    pause = Math.min(Math.max(pause * 2, 2000), 30000);
    timer = setTimeout(flush, pause);
  };

  /** Sends one; false when it must wait. */
  const send = async (tap) => {
    const body = new URLSearchParams(tap.values);
    body.set("_csrf", csrf);
    body.set("tap", tap.key);
    body.set("ago", String(Math.max(0, Date.now() - tap.at)));
    let answer;
    try {
      answer = await fetch(tap.url, {
        ...{ method: "POST", body, headers: { "HX-Request": "true" } },
        signal: AbortSignal.timeout?.(20000),
      });
    } catch {
      tell(navigator.onLine ? "slow" : "offline");
      return false;
    }
    if (answer.status === 401 || answer.status === 403) {
      tell("signin");
      renew();
      return false;
    }
    if (answer.status >= 500 || answer.status === 429) {
      tell("slow");
      return false;
    }
    pause = 0;
    write(waiting().filter(({ key }) => key !== tap.key));
    tell("");
    unmark(tap);
    const said = answer.headers.get("HX-Trigger");
    const notice = said ? JSON.parse(said).notice : undefined;
    if (answer.ok || answer.status === 422) {
      const html = await answer.text();
      if ((answer.headers.get("Content-Type") ?? "").startsWith("text/html")) swap(tap, html);
    }
    if (notice?.text) say(notice.text, notice.kind);
    else if (answer.status === 404) say(word("gone"), "bad");
    document.dispatchEvent(new CustomEvent("tap:answered", { detail: { ...tap, ok: answer.ok } }));
    refreshSoon();
    return true;
  };

  // A page kept from before may stand in a session that has ended, or with its old word: it is opened anew, once.
  const renew = () => {
    const last = Number(sessionStorage.getItem("guidepost.renewed") ?? 0);
    if (Date.now() - last < 60000) return;
    sessionStorage.setItem("guidepost.renewed", String(Date.now()));
    location.reload();
  };

  // What is kept for later shows what has been done meanwhile.
  let refresh;
  const refreshSoon = () => {
    clearTimeout(refresh);
    refresh = setTimeout(() => {
      if (waiting().length === 0) navigator.serviceWorker?.controller?.postMessage({ refresh: "/g/today" });
    }, 3000);
  };

  // A page that was kept becomes a fresh one as soon as there is a network, unless something is being typed.
  const isTyping = () => ["INPUT", "TEXTAREA"].includes(document.activeElement?.tagName);
  const probe = async () => {
    if (state !== "" && waiting().length === 0 && document.visibilityState === "visible") {
      const answer = await fetch("/healthz").catch(() => undefined);
      if (answer?.ok) {
        tell("");
        if (kept && !isTyping()) location.reload();
      }
    }
    setTimeout(probe, 8000);
  };

  /** In the order they were made; two pages of one browser take turns. */
  let running = false;
  const flushAll = async () => {
    for (const tap of waiting()) {
      // another page of this browser may have sent it meanwhile
      if (flying.has(tap.key) || !waiting().some(({ key }) => key === tap.key)) continue;
      flying.add(tap.key);
      const done = await send(tap).finally(() => flying.delete(tap.key));
      if (done) continue;
      for (const other of waiting()) mark(other, true);
      show();
      again();
      return;
    }
    if (kept && waiting().length === 0 && state === "" && !isTyping()) location.reload();
  };
  // A page inside another site's may be denied locks, as it is denied storage: then it is alone with its taps anyway.
  const inTurn = async (work) => {
    let began = false;
    const locked = () => {
      began = true;
      return work();
    };
    try {
      if (navigator.locks) return await navigator.locks.request(KEY, locked);
    } catch (error) {
      if (began) throw error;
    }
    return work();
  };
  const flush = async () => {
    if (running || waiting().length === 0) return;
    running = true;
    try {
      await inTurn(flushAll);
    } finally {
      running = false;
    }
    // what was tapped while the last was on its way
    if (waiting().some(({ key }) => !flying.has(key)) && pause === 0) flush();
  };

  /** Writes a tap down and sends it as soon as it can be. `values`: pairs of names and values. */
  const tapIt = ({ key = freshKey(), url, values, into, mark: where = into, label, ...more }) => {
    const tap = { key, url, values, into, mark: where, label, at: Date.now(), ...more };
    write([...waiting(), tap]);
    if (state === "") mark(tap, false);
    else {
      mark(tap, true);
      show();
    }
    flush();
    return tap;
  };
  window.guidepost.tap = tapIt;
  window.guidepost.freshKey = freshKey;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("form[data-tap]")) return;
    event.preventDefault();
    const card = form.closest("article") ?? form;
    if (card.matches(".busy, .pending")) return;
    const pairs = [...new FormData(form, event.submitter)].filter(([name]) => name !== "_csrf" && name !== "tap");
    const tap = {
      ...{ key: freshKey(), url: form.getAttribute("action"), values: pairs, label: form.dataset.tap },
      ...{ into: form.closest("[data-card]")?.id ?? "", mark: card.id, takes: form.dataset.take ?? "" },
    };
    document.dispatchEvent(new CustomEvent("tap:begun", { detail: { tap, form } }));
    tapIt(tap);
  });

  // A tap that has not left can be taken back here.
  document.addEventListener("click", (event) => {
    const key = event.target.closest?.("[data-undo]")?.dataset.undo;
    const tap = key && waiting().find((one) => one.key === key);
    if (!tap || flying.has(key)) return;
    write(waiting().filter((one) => one.key !== key));
    unmark(tap);
    show();
  });

  const wake = () => {
    pause = 0;
    if (waiting().length > 0) flush();
    else if (navigator.onLine && state !== "") {
      tell("");
      if (kept && !isTyping()) location.reload();
    }
  };
  window.addEventListener("online", wake);
  window.addEventListener("offline", () => tell("offline"));
  window.addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
  document.addEventListener("DOMContentLoaded", () => {
    if (!navigator.onLine || kept) tell(navigator.onLine ? "slow" : "offline");
    for (const tap of waiting()) mark(tap, true);
    flush();
    setTimeout(probe, 8000);
  });
  document.addEventListener("tap:shown", () => {
    for (const tap of waiting()) mark(tap, true);
  });

  // The worker keeps what was opened for when there is no network; who signs out takes it along.
  if (!navigator.serviceWorker || !window.isSecureContext) return;
  const parts = () =>
    [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => one.href || one.src);
  navigator.serviceWorker
    .register(worker, { scope: "/g/" })
    .then(() => navigator.serviceWorker.ready)
    .then((ready) => {
      if (!kept) ready.active?.postMessage({ keep: { page: location.pathname, parts: parts() } });
    })
    .catch(() => undefined);
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute?.("action") === "/sign-out") caches.delete("guidepost-pages");
  });
})();
