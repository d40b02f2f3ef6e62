// A guide's pages for a phone without network: what was opened once can be opened again, as it was. Pages come from the
// network whenever there is one; only GET is ever kept. Taps are kept by the pages themselves.
const PAGES = "guidepost-pages";
const PARTS = "guidepost-parts";
const KEPT = /^\/g\/(today|figures|customers\/\d+)$/;
/** ms after which a page that was kept is shown instead of waiting on */
const PATIENCE = 5000;
/** pages of customers are not collected for ever */
const MOST = 60;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep, refresh } = event.data ?? {};
  if (refresh) event.waitUntil(keepPage(refresh, true).catch(() => undefined));
  if (keep) event.waitUntil(Promise.all([keepParts(keep.parts), keepPage(keep.page)]).catch(() => undefined));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(part(request));
  else if (request.mode === "navigate" && url.pathname === "/g/open") event.respondWith(opening(request));
  else if (request.mode === "navigate" && KEPT.test(url.pathname)) event.respondWith(page(request, url.pathname));
});

/** The first page of all is opened before this worker is there: it is fetched for keeping. */
async function keepPage(path, isAnew = false) {
  if (!KEPT.test(path)) return;
  const pages = await caches.open(PAGES);
  if (!isAnew && (await pages.match(path))) return;
  const answer = await fetch(path, { credentials: "same-origin", redirect: "manual" });
  if (answer.ok) await pages.put(path, answer);
}

/** What a page is made of, by version: older versions go. */
async function keepParts(urls) {
  const parts = await caches.open(PARTS);
  const old = await parts.keys();
  for (const one of urls) {
    const url = new URL(one, self.location.origin);
    if (url.origin !== self.location.origin || old.some((request) => request.url === url.href)) continue;
    const answer = await fetch(url.href);
    if (!answer.ok) continue;
    await parts.put(url.href, answer);
    for (const request of old) if (new URL(request.url).pathname === url.pathname) await parts.delete(request);
  }
}

async function part(request) {
  const known = await caches.match(request, { cacheName: PARTS });
  return known ?? fetch(request);
}

async function page(request, path) {
  const pages = await caches.open(PAGES);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected) {
      await pages.put(path, answer.clone());
      const all = await pages.keys();
      for (const one of all.slice(0, Math.max(0, all.length - MOST))) await pages.delete(one);
    } else if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 401 || answer.status === 403) {
      // signed out: what was kept was another session's
      await caches.delete(PAGES);
    }
    return answer;
  });
  const old = await pages.match(path);
  if (!old) return fresh.catch(() => pages.match("/g/today").then((today) => (today ? marked(today) : nothing())));
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  return Promise.race([fresh, late]).then((answer) => answer ?? marked(old), () => marked(old));
}

/** A guide's link leads whoever is in already on; anybody else is asked in, and may be another guide on the same phone. */
async function opening(request) {
  const answer = await fetch(request);
  if (answer.type !== "opaqueredirect") await caches.delete(PAGES);
  return answer;
}

/** The page as it was, saying so: its script reads when. */
async function marked(answer) {
  const at = new Date(answer.headers.get("Date") ?? Date.now());
  const time = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
  const html = (await answer.clone().text()).replace("<body ", `<body data-kept="${time}" `);
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  for (const name of ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"]) {
    const value = answer.headers.get(name);
    if (value) headers[name] = value;
  }
  return new Response(html, { headers });
}

function nothing() {
  const html = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>没有网络</title><p>没有网络，这一页还没有存下来。连上后再打开一次。</p><p><a href="/g/today">今天</a></p></html>`;
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
