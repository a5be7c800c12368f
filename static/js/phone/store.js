// What the phone keeps, in IndexedDB. One database for each person, and a small one that says who
// is using the phone.

const VERSION = 1;
// It has been seen to hang instead of failing. Milliseconds.
const OPENS_WITHIN = 5000;
// Bytes: a day's photos.
const LEAST_ROOM = 20 * 1024 * 1024;

// operations: the outbox; `n` is their order, which no clock can upset.
// photos, which recordings are too, and their bytes apart: to know what waits nobody reads megabytes.
// kept: by name: "data" of the server, "shut" while what is here is being sealed or is sealed.
const STORES = {
  operations: { keyPath: "n", autoIncrement: true },
  photos: { keyPath: "id" },
  bytes: { keyPath: "id" },
  drafts: { keyPath: "id" },
  notes: { keyPath: "client_id" },
  kept: { keyPath: "name" },
  sealed: { keyPath: "id" },
};

export const EVERYTHING = Object.keys(STORES);

// What is thrown, here and by everything above: a code for programs; the server's message and
// object where it was the server that said no.
export class Trouble extends Error {
  constructor(code, message = "", object = null) {
    super(message || code);
    this.name = "Trouble";
    this.code = code;
    this.message = message;
    this.object = object;
  }
}

// A random UUID (version 4); crypto.randomUUID is younger than the browsers we serve.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Store {
  constructor(db) {
    this.db = db;
  }

  static open(name) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Trouble("refused")), OPENS_WITHIN);
      let request;
      try {
        request = indexedDB.open(name, VERSION);
      } catch (error) {
        // Private windows of some browsers throw, others fail later.
        clearTimeout(timer);
        reject(troubleOf(error));
        return;
      }
      request.onupgradeneeded = () => {
        for (const store of EVERYTHING) {
          request.result.createObjectStore(store, STORES[store]);
        }
      };
      request.onsuccess = () => {
        clearTimeout(timer);
        // A newer version of this page must not wait for this tab to be closed.
        request.result.onversionchange = () => request.result.close();
        resolve(new Store(request.result));
      };
      request.onerror = () => {
        clearTimeout(timer);
        reject(troubleOf(request.error));
      };
    });
  }

  async read(store, key) {
    return this.view(store, (rows) => rows.get(key));
  }

  async readAll(store) {
    return this.view(store, (rows) => rows.getAll());
  }

  async keys(store) {
    return this.view(store, (rows) => rows.getAllKeys());
  }

  async view(store, of) {
    try {
      return await result(of(this.db.transaction(store).objectStore(store)));
    } catch (error) {
      throw troubleOf(error);
    }
  }

  // Runs `work(rows)` in one transaction. Resolves with what it returns, and only once that is on
  // the disk: "saved" must not be said before. `work` may wait for nothing but its rows.
  change(stores, work) {
    return new Promise((resolve, reject) => {
      let transaction;
      try {
        transaction = this.db.transaction(stores, "readwrite", { durability: "strict" });
      } catch (error) {
        reject(troubleOf(error));
        return;
      }
      let returned;
      let failed = null;
      transaction.oncomplete = () => resolve(returned);
      transaction.onabort = () => reject(troubleOf(failed || transaction.error));
      work(new Rows(transaction)).then(
        (value) => {
          returned = value;
        },
        (error) => {
          failed = error;
          try {
            transaction.abort();
          } catch (already) {
            // It was this that failed it: onabort tells.
          }
        },
      );
    });
  }

  // The same for whoever uses the phone: refused once another person has signed in, also to a tab
  // that has not heard of it yet.
  write(stores, work) {
    return this.change([...new Set([...stores, "kept"])], async (rows) => {
      if (await rows.get("kept", "shut")) {
        throw new Trouble("another");
      }
      return work(rows);
    });
  }
}

class Rows {
  constructor(transaction) {
    this.transaction = transaction;
  }

  get(store, key) {
    return result(this.transaction.objectStore(store).get(key));
  }

  all(store) {
    return result(this.transaction.objectStore(store).getAll());
  }

  put(store, row) {
    return result(this.transaction.objectStore(store).put(row));
  }

  remove(store, key) {
    return result(this.transaction.objectStore(store).delete(key));
  }

  clear(store) {
    return result(this.transaction.objectStore(store).clear());
  }
}

// Where the engine keeps things, and what is wrong with it: "insecure", "refused", "full" or "".
// Found out by trying; without a book nothing can be kept.
export async function findRoom(name) {
  if (!window.isSecureContext) {
    return { book: null, trouble: "insecure" };
  }
  try {
    const book = await Store.open(name);
    await book.change(["kept"], (rows) => rows.put("kept", { name: "tried", at: Date.now() }));
    await book.read("kept", "tried");
    return { book, trouble: (await hasRoom()) ? "" : "full" };
  } catch (error) {
    return { book: null, trouble: error.code };
  }
}

async function hasRoom() {
  if (!navigator.storage || !navigator.storage.estimate) {
    return true;
  }
  const { quota, usage } = await navigator.storage.estimate();
  return quota - usage >= LEAST_ROOM;
}

function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function troubleOf(error) {
  if (error instanceof Trouble) {
    return error;
  }
  const full = error && error.name === "QuotaExceededError";
  return new Trouble(full ? "full" : "refused");
}
