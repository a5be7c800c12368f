// Closes what a person has not sent while somebody else uses the phone, and opens it when that
// person comes back. AES-GCM; the key comes from the server, to its owner only.
import { EVERYTHING } from "./store.js";

const UNSENT = ["operations", "drafts", "photos", "bytes"];

export function keyFrom(base64) {
  const raw = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  // Not extractable: a script may use it while its person uses the phone, and not carry it off.
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// Seals all that is unsent and removes the rest. Row by row: photos do not fit in memory at once,
// and a phone that dies in between goes on where it was. Raises Trouble("full").
export async function sealAll(store, key) {
  await shut(store);
  for (const name of UNSENT) {
    for (const id of await store.keys(name)) {
      const sealed = await seal(`${name}:${id}`, await store.read(name, id), key);
      await store.change([name, "sealed"], async (rows) => {
        await rows.put("sealed", sealed);
        await rows.remove(name, id);
      });
    }
  }
  await purge(store, ["sealed"]);
}

// Removes all, the unsent too.
export async function dropAll(store) {
  await shut(store);
  await purge(store, ["sealed"]);
}

// Makes what was sealed usable again. What this key does not open stays as it is.
export async function openAll(store, key) {
  for (const id of await store.keys("sealed")) {
    const [name] = id.split(":");
    const row = await opened(await store.read("sealed", id), key);
    if (row) {
      await store.change([name, "sealed"], async (rows) => {
        await rows.put(name, row);
        await rows.remove("sealed", id);
      });
    }
  }
  await store.change(["kept"], (rows) => rows.remove("kept", "shut"));
}

// First of all: from here on no tab writes here anything that would not be sealed.
function shut(store) {
  return store.change(["kept"], (rows) => rows.put("kept", { name: "shut" }));
}

function purge(store, besides) {
  const stores = EVERYTHING.filter((name) => !besides.includes(name));
  return store.change(stores, async (rows) => {
    for (const name of stores) {
      await rows.clear(name);
    }
    await rows.put("kept", { name: "shut" });
  });
}

async function seal(id, row, key) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
  return { id, iv, data: await crypto.subtle.encrypt(how, key, packed(row)) };
}

async function opened({ id, iv, data }, key) {
  const how = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
  try {
    return unpacked(await crypto.subtle.decrypt(how, key, data));
  } catch (error) {
    return null;
  }
}

// The length of the text (4 bytes), the row as JSON, and the bytes of a photo as they are.
function packed({ data, ...row }) {
  const text = new TextEncoder().encode(JSON.stringify(row));
  const bytes = data ? new Uint8Array(data) : new Uint8Array(0);
  const whole = new Uint8Array(4 + text.length + bytes.length);
  new DataView(whole.buffer).setUint32(0, text.length);
  whole.set(text, 4);
  whole.set(bytes, 4 + text.length);
  return whole;
}

function unpacked(whole) {
  const length = new DataView(whole).getUint32(0);
  const row = JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 4, length)));
  const data = whole.slice(4 + length);
  return data.byteLength ? { ...row, data } : row;
}
