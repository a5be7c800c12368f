// Makes of what a recorder gives a voice note that can be kept and sent.
import { hash } from "./photos.js";
import { Trouble } from "./store.js";

// What browsers record, and what the server takes.
const SUFFIXES = { "audio/webm": ".webm", "audio/mp4": ".m4a" };

// As prepared() in photos.js. Raises Trouble("no_sound" | "insecure").
export async function recorded(blob, seconds) {
  if (!window.isSecureContext) {
    throw new Trouble("insecure");
  }
  const data = await blob.arrayBuffer();
  const [type] = blob.type.split(";");
  if (!data.byteLength || !SUFFIXES[type]) {
    throw new Trouble("no_sound");
  }
  const suffix = SUFFIXES[type];
  return { type, suffix, seconds, size: data.byteLength, sha256: await hash(data), data };
}
