// Keeps the guard's page, and nothing that is about anybody. Syntax for Chromium 90.
const KEPT = "liaison-night-{{ version }}";
const SHELL = "{{ shell|escapejs }}";
const FILES = [{% for name in kept %}"{{ name|escapejs }}",{% endfor %}];
// A night's own page and a plate's; not what is asked for beside them, nor the way in by PIN.
const PAGE = /^\/n\/(?:c\/)?[^/]+\/$/;

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) {
    return;
  }
  if (event.request.mode === "navigate" && PAGE.test(address.pathname)) {
    event.respondWith(page(event.request));
  } else if (FILES.includes(address.pathname)) {
    event.respondWith(file(event.request));
  }
});

async function keep() {
  const cache = await caches.open(KEPT);
  const shell = await fetch(SHELL, { cache: "no-store" });
  if (!shell.ok || shell.redirected) {
    throw new Error("no page");
  }
  await cache.put(SHELL, shell);
  await cache.addAll(FILES.map((name) => new Request(name, { cache: "no-cache" })));
}

async function dropOld() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("liaison-night-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
}

// The server first, which knows whether the link holds; without a network the page that is kept.
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(KEPT)).match(SHELL);
    if (kept) {
      return kept;
    }
    throw error;
  }
}

async function file(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request)) || fetch(request);
}
