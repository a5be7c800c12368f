// Makes of what a camera gives a photo that can be kept and sent.
import { Trouble } from "./store.js";

// Pixels of the longer side: a number plate at ten metres can still be read, and it is a twentieth
// of the bytes.
const LONGEST_SIDE = 1600;
const QUALITY = 0.85;

// {type, suffix, width, height, size, sha256, data}: turned upright, scaled down, a JPEG as an ArrayBuffer (Blobs
// in IndexedDB are lost by WebKit). What the camera wrote into the file beside the picture, such
// as the place, is left behind. Raises Trouble("no_picture" | "insecure").
export async function prepared(file) {
  if (!window.isSecureContext) {
    throw new Trouble("insecure");
  }
  const canvas = await drawn(file);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) {
    throw new Trouble("no_picture");
  }
  const data = await blob.arrayBuffer();
  return {
    type: "image/jpeg",
    suffix: ".jpg",
    width: canvas.width,
    height: canvas.height,
    size: data.byteLength,
    sha256: await hash(data),
    data,
  };
}

// By way of an <img>: that turns a picture as its EXIF says also in browsers whose
// createImageBitmap does not.
async function drawn(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
  } catch (error) {
    throw new Trouble("no_picture");
  } finally {
    URL.revokeObjectURL(image.src);
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const context = canvas.getContext("2d");
  // JPEG knows nothing transparent and would make it black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export async function hash(data) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

// For a file that people carry off.
export function base64(data) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1] || "");
    reader.onerror = () => reject(new Trouble("refused"));
    reader.readAsDataURL(new Blob([data]));
  });
}
