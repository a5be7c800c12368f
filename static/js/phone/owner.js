// Whose phone it is. Kept in the small database: the person who uses it, with the key, and that
// somebody has signed out where there was no network to tell the server.
import { dropAll, keyFrom, openAll, sealAll } from "./seal.js";
import { Store } from "./store.js";

const SIGN_OUT = "/accounts/sign-out/";

// The server gives the CSRF cookie another value at each sign-in, so whether somebody has signed
// in since is known also without a network. "" where scripts cannot see it: then nothing is known.
export function signInSeen() {
  const found = /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie);
  return found ? found[1] : "";
}

// One tab at a time; where there are no locks, there is nothing that two tabs could share.
export function locked(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

export const ownerOf = (book) => book.read("kept", "owner");

const leavingOf = (book) => book.read("kept", "leaving");

function keep(book, row) {
  return book.change(["kept"], (rows) => rows.put("kept", row));
}

function forget(book, name) {
  return book.change(["kept"], (rows) => rows.remove("kept", name));
}

// The store of a person, with what was sealed in it open again.
export async function openStore(phone, owner) {
  const store = phone.keeps ? await Store.open(databaseOf(owner)) : phone.memory;
  if (owner.key && (await store.read("kept", "shut"))) {
    await openAll(store, owner.key);
  }
  return store;
}

function databaseOf(owner) {
  return `liaison-phone-${owner.person.id}`;
}

// The server has said who is signed in.
export function heard(phone, told, seen) {
  return locked("liaison-owner", async () => {
    const { book } = phone;
    const leaving = await leavingOf(book);
    if (leaving && leaving.user === told.user.id && leaving.seen === seen) {
      await signOut(phone);
      return;
    }
    let owner = await ownerOf(book);
    if (owner && owner.person.id !== told.user.id) {
      phone.hide(true);
      await shutAway(phone, owner, "keep");
      owner = null;
    }
    if (phone.shown && phone.shown !== told.user.id) {
      // What was typed and drawn in this page is the other's: a new page begins for the new one.
      phone.hide(true);
      return;
    }
    const key = told.key && window.isSecureContext ? await keyFrom(told.key) : null;
    // For how long, and not until when: this phone's clock may be wrong.
    const hours = Date.parse(told.keep_until) - Date.parse(told.server_time);
    const row = { name: "owner", person: told.user, key, seen, keepUntil: Date.now() + hours };
    await keep(book, row);
    await forget(book, "leaving");
    await phone.adopt(row);
    if (!owner) {
      phone.tell("owner");
    }
  });
}

// The server has said that nobody is signed in. That may be a session that has ended, and the
// person works on; but if somebody has signed in since, and out again, it is nobody's to see.
export function heardNobody(phone) {
  return locked("liaison-owner", async () => {
    const owner = await ownerOf(phone.book);
    await forget(phone.book, "leaving");
    if (owner && phone.another) {
      await shutAway(phone, owner, "keep");
      phone.hide(false);
    }
  });
}

// Seals or drops what is unsent, removes all else, and forgets the person and the key.
async function shutAway(phone, owner, unsent) {
  const store = phone.keeps ? await Store.open(databaseOf(owner)) : phone.memory;
  if (unsent === "keep" && owner.key) {
    await sealAll(store, owner.key);
  } else {
    await dropAll(store);
  }
  await forget(phone.book, "owner");
  await dropCaches();
  phone.tell("owner");
}

// Not the page itself: it holds nobody's name, and without it nothing opens behind a steel wall.
async function dropCaches() {
  const names = window.caches ? await caches.keys() : [];
  const ours = names.filter((one) => /^liaison-(?!shell-)/.test(one));
  await Promise.all(ours.map((one) => caches.delete(one)));
}

// Signing out, with and without a network. It is written down first, so that a phone that dies in
// between goes on with it.
export function leave(phone, unsent) {
  return locked("liaison-owner", async () => {
    const owner = await ownerOf(phone.book);
    if (owner) {
      const user = owner.person.id;
      await keep(phone.book, { name: "leaving", user, unsent, seen: signInSeen() });
    }
    await finishLeaving(phone);
    return signOut(phone);
  });
}

export async function finishLeaving(phone) {
  const leaving = await leavingOf(phone.book);
  const owner = await ownerOf(phone.book);
  if (leaving && owner && owner.person.id === leaving.user) {
    phone.hide(false);
    await shutAway(phone, owner, leaving.unsent);
  }
  return Boolean(leaving);
}

// Whether the server has been told. A redirect is what it answers, but others redirect too: only
// that it knows nobody any more is certain.
async function signOut(phone) {
  for (let tries = 0; tries < 3; tries += 1) {
    const who = await phone.ask("/mobile/who/");
    if (who.code === "not_authenticated") {
      await forget(phone.book, "leaving");
      return true;
    }
    if (who.code) {
      return false;
    }
    phone.csrf = who.json.csrf;
    await phone.ask(SIGN_OUT, { method: "POST" });
    phone.csrf = "";
  }
  return false;
}
