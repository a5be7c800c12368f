// Stands in for a Store where IndexedDB is refused or full: the same face, gone with the page.
import { EVERYTHING } from "./store.js";

const KEYS = { operations: "n", notes: "client_id", kept: "name" };

export class Memory {
  constructor() {
    this.maps = {};
    this.last = 0;
    for (const store of EVERYTHING) {
      this.maps[store] = new Map();
    }
  }

  async read(store, key) {
    return this.maps[store].get(key);
  }

  async readAll(store) {
    return Array.from(this.maps[store].values());
  }

  async keys(store) {
    return Array.from(this.maps[store].keys());
  }

  async change(stores, work) {
    return work(this);
  }

  async write(stores, work) {
    return work(this);
  }

  // What `work` is given: as Rows of a transaction.
  get(store, key) {
    return this.read(store, key);
  }

  all(store) {
    return this.readAll(store);
  }

  async put(store, row) {
    const name = KEYS[store] || "id";
    let kept = row;
    if (store === "operations" && row.n === undefined) {
      this.last += 1;
      kept = { ...row, n: this.last };
    }
    this.maps[store].set(kept[name], kept);
    return kept[name];
  }

  async remove(store, key) {
    this.maps[store].delete(key);
  }

  async clear(store) {
    this.maps[store].clear();
  }
}
