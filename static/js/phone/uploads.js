// Sends one photo or recording in pieces, over a line that breaks; the server knows how far it has come.
import { PIECE_SECONDS } from "./net.js";

const ADDRESS = "/mobile/uploads/";
const LARGEST_PIECE = 256 * 1024;
// The server takes no smaller one.
const SMALLEST_PIECE = 16 * 1024;
// Begun anew, or told another place, so often for one photo before it is put off.
const MOST_TURNS = 3;
// Nothing is left of it at the server.
const GONE = ["wrong_checksum", "not_found", "gone"];

let piece = LARGEST_PIECE;

// The last answer; `done` is true in it when the photo is at the server, whole. `post` asks, as
// ask() in net.js. Announcing is also how one asks where to go on: it is safe to repeat, and says
// whose it is, so that nothing goes to another person's account.
export async function sendPhoto(photo, data, user, post) {
  const announce = () => post(ADDRESS, { method: "POST", json: announcement(photo, user) });
  let told = await announce();
  for (let turns = 0; turns < MOST_TURNS; ) {
    const here = told.json || {};
    if (told.code === "wrong_offset") {
      turns += 1;
    } else if (GONE.includes(told.code)) {
      turns += 1;
      told = await announce();
      continue;
    } else if (told.code || here.client_id !== photo.id) {
      return { ...told, code: told.code || "not_ours" };
    } else if (here.status !== "receiving") {
      return { ...told, done: here.status === "done", code: here.code, message: here.message };
    }
    told = await sendPiece(photo, data, here.offset, post);
  }
  return told;
}

// At the end of the file it is empty: the server was stopped before it could finish.
async function sendPiece(photo, data, offset, post) {
  const told = await post(`${ADDRESS}${photo.id}/`, {
    method: "PATCH",
    bytes: data.slice(offset, offset + piece),
    headers: { "Upload-Offset": String(offset) },
    seconds: PIECE_SECONDS,
  });
  // Where a large piece never gets through in its time, a small one may.
  if (told.code === "timeout") {
    piece = Math.max(piece / 2, SMALLEST_PIECE);
  } else if (!told.code) {
    piece = Math.min(piece * 2, LARGEST_PIECE);
  }
  return told;
}

function announcement(photo, user) {
  return {
    user,
    client_id: photo.id,
    sha256: photo.sha256,
    size: photo.size,
    name: photo.name,
    content_type: photo.type,
  };
}
