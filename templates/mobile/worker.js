// Keeps the page of the phone, and nothing that is about anybody. Syntax for Chromium 90.
const KEPT = "liaison-shell-{{ version }}";
const SHELL = "{{ shell|escapejs }}";
const FILES = [{% for name in kept %}"{{ name|escapejs }}",{% endfor %}];

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
  if (event.request.mode === "navigate") {
    event.respondWith(page(event.request, address));
  } else if (FILES.includes(address.pathname)) {
    event.respondWith(file(event.request));
  }
});

// All or nothing: a shell without its scripts is no use behind a steel wall.
async function keep() {
  const cache = await caches.open(KEPT);
  const shell = await fetch(SHELL, { cache: "no-store", credentials: "same-origin" });
  // Sent away to sign in, there is no shell to keep yet.
  if (!shell.ok || shell.redirected) {
    throw new Error("not signed in");
  }
  await cache.put(SHELL, shell);
  // What the page has just fetched is not fetched again, only asked whether it is the newest.
  await cache.addAll(FILES.map((name) => new Request(name, { cache: "no-cache" })));
}

async function dropOld() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("liaison-shell-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
}

// A card at a gate is asked of the server first, which knows all of them; without a network the
// page looks among the officer's own.
async function page(request, address) {
  const cache = await caches.open(KEPT);
  if (address.pathname.startsWith(SHELL)) {
    return (await cache.match(SHELL)) || fetch(request);
  }
  try {
    return await fetch(request);
  } catch (error) {
    const shell = await cache.match(SHELL);
    if (shell) {
      return shell;
    }
    throw error;
  }
}

async function file(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request)) || fetch(request);
}
