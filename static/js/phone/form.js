// A form whose words and photos are kept on the phone from the first letter on, under an id of its
// own: two tabs never share one. What is kept is what the person sees, not what will be sent.
import { fill, say } from "./bind.js";
import { newId } from "./phone.js";
import { all, enterpriseById } from "./rows.js";
import { lengthOf } from "./recorder.js";
import { VoiceTiles } from "./voice.js";

const PAUSE = 300;
// Photos and voice notes of one record: the server takes no more.
const MOST_FILES = 20;

// `value`: {path, screen, name, started_at, fields, photos, ...} of a draft; photos are
// {id, group, proof, sound}, `sound` of a voice note. `enter` is called when it is to be sent, and leaves the screen when done.
export class DraftForm {
  constructor(form, phone, page, id, value) {
    Object.assign(this, { form, phone, page, id, value });
    this.saving = 0;
    this.taking = Promise.resolve();
    this.voices = new VoiceTiles(this);
    page.leaving = () => this.voices.stop();
    put(form, value.fields);
    form.addEventListener("input", () => this.saveSoon());
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("click", (event) => this.clicked(event));
    form.querySelectorAll("[data-photos]").forEach((place) => this.showPhotos(place));
  }

  saveSoon() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), PAUSE);
  }

  // Whatever is typed now; nothing when it has been sent or left meanwhile.
  async save() {
    clearTimeout(this.saving);
    if (this.sent) {
      return;
    }
    this.value.fields = fieldsOf(this.form);
    try {
      await this.phone.saveDraft(this.id, this.value);
    } catch (error) {
      this.page.tell(say("draft-not-kept", {}));
    }
  }

  // The same before it is sent: what is being recorded or made smaller belongs to it.
  async settle() {
    await this.voices.stop();
    await this.taking;
    await this.save();
  }

  changed(event) {
    if (event.target.matches("input[type=file]")) {
      this.taking = this.takePhotos(event.target);
    } else if (event.target.matches("[data-proof]")) {
      const photo = this.value.photos.find((one) => one.id === event.target.dataset.proof);
      photo.proof = event.target.value;
    }
    this.saveSoon();
  }

  clicked(event) {
    const button = event.target.closest("[data-remove]");
    if (button) {
      this.removePhoto(button.dataset.remove, button.closest("[data-photos]"));
    }
    const voice = event.target.closest("[data-record]");
    if (voice) {
      this.voices.pressed(voice);
    }
  }

  async takePhotos(input) {
    const place = input.closest("[data-photos]");
    const files = Array.from(input.files);
    // The same picture may be chosen again.
    input.value = "";
    place.setAttribute("aria-busy", "true");
    for (const file of files) {
      if (this.isFull(place)) {
        break;
      }
      await this.takePhoto(file, place);
    }
    place.removeAttribute("aria-busy");
    await this.save();
    await this.showPhotos(place);
  }

  // Says so too.
  isFull({ dataset }) {
    const full = this.photosOf(dataset.photos).length >= MOST_FILES;
    if (full) {
      this.page.tell(say("too-many-files", { n: MOST_FILES }));
    }
    return full;
  }

  async takePhoto(file, { dataset }) {
    try {
      const { id } = await this.phone.takePhoto(file, this.id);
      const proof = dataset.nextProof ? this.nextProof(dataset) : "";
      this.value.photos.push({ id, group: dataset.photos, proof });
    } catch (error) {
      const known = ["no_picture", "full"];
      this.page.tell(say(`photo-${known.includes(error.code) ? error.code : "not_kept"}`, {}));
    }
  }

  async takeRecording(blob, seconds, place) {
    try {
      const { id } = await this.phone.takeRecording(blob, seconds, this.id);
      this.value.photos.push({ id, group: place.dataset.photos, proof: "other", sound: true });
    } catch (error) {
      const known = ["no_sound", "full"];
      this.page.tell(say(`voice-${known.includes(error.code) ? error.code : "not_kept"}`, {}));
    }
    await this.save();
    await this.showPhotos(place);
  }

  // The proofs that are wanted, each once, then the last again.
  nextProof({ photos, nextProof }) {
    const wanted = nextProof.split(" ");
    const there = this.photosOf(photos).filter((one) => !one.sound).length;
    return wanted[Math.min(there, wanted.length - 1)];
  }

  async removePhoto(id, place) {
    this.value.photos = this.value.photos.filter((one) => one.id !== id);
    await this.phone.dropPhoto(id);
    await this.save();
    await this.showPhotos(place);
  }

  photosOf(group) {
    return this.value.photos.filter((one) => one.group === group);
  }

  async showPhotos(place) {
    const photos = this.photosOf(place.dataset.photos);
    const rows = await Promise.all(photos.map((one) => this.shown(one)));
    const proofs = (place.dataset.proofs || "").split(" ").filter((one) => one);
    const labels = new Map((this.phone.data && this.phone.data.choices.proofs) || []);
    const list = fill("t-photos", {
      photos: rows.map((row) => ({
        ...row,
        proofs: (row.sound ? [] : proofs).map((code) => ({
          code,
          label: labels.get(code) || code,
          chosen: code === row.proof,
        })),
      })),
    });
    place.querySelector("[data-list]").replaceChildren(list);
    const count = place.querySelector("[data-count]");
    const taken = photos.filter((one) => !one.sound).length;
    count.textContent = taken ? say("photos-taken", { n: taken }) : "";
  }

  async shown(photo) {
    return { ...photo, ...fileRow(await this.phone.shownPhoto(photo.id)) };
  }

  // Writes the operation down; only when the phone has it for certain is it said to be kept. What
  // was typed stays where it is if not.
  async enter(operation, to) {
    const button = this.form.querySelector("[type=submit]");
    button.disabled = true;
    clearTimeout(this.saving);
    this.value.fields = fieldsOf(this.form);
    try {
      await this.phone.put({ ...operation, draft: this.id, form: this.value });
    } catch (error) {
      button.disabled = false;
      this.refuse(error);
      return;
    }
    this.sent = true;
    await this.page.go(to, { instead: true, saying: say(this.phone.keeps ? "kept" : "sent", {}) });
  }

  // Says what is wrong above the button, where the thumb is.
  refuse({ message }) {
    const place = this.form.querySelector("[data-wrong]");
    place.textContent = message || say("not-kept", {});
    place.hidden = false;
    place.scrollIntoView({ block: "center" });
  }
}

// A file with what was found: a picture shows how it was, a voice note shows nothing.
export function asFound({ id, sound }) {
  return { upload: id, proof: sound ? "other" : "before" };
}

// What a template shows of a kept photo or recording.
export function fileRow({ type, seconds, url }) {
  const sound = type.startsWith("audio/");
  return { url, sound, look: sound ? "sound" : "", length: sound ? lengthOf(seconds) : "" };
}

// Every field by name, as lists: a group of boxes has several values, or none.
function fieldsOf(form) {
  const found = {};
  Array.from(form.elements).forEach((one) => {
    if (one.name && one.type !== "file") {
      found[one.name] = found[one.name] || [];
    }
  });
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string") {
      found[name].push(value);
    }
  });
  return found;
}

export function one(fields, name) {
  return ((fields[name] || [])[0] || "").trim();
}

function put(form, fields = {}) {
  Array.from(form.elements).forEach((box) => {
    const values = box.name ? fields[box.name] : undefined;
    if (values === undefined || box.type === "file") {
      return;
    }
    if (box.type === "checkbox" || box.type === "radio") {
      box.checked = values.includes(box.value);
    } else {
      box.value = values[0] === undefined ? "" : values[0];
    }
  });
}

// The draft that the address names, or a new one that it names from now on.
export async function draftAt(phone, page, begin) {
  const named = page.query.get("draft");
  const kept = named ? await phone.draft(named) : null;
  if (kept) {
    return { id: named, value: kept };
  }
  const id = named || newId();
  const path = location.pathname + without(location.search, "draft");
  if (!named) {
    history.replaceState(null, "", `${path}${path.includes("?") ? "&" : "?"}draft=${id}`);
  }
  const value = { path, started_at: new Date().toISOString(), fields: {}, photos: [], ...begin };
  return { id, value };
}

// For a form about an enterprise that may be chosen already: {id, value, chosen, enterprises}, the
// last for its list of choices.
export async function draftAbout(phone, page, screen) {
  const asked = enterpriseById(phone, page.query.get("enterprise"));
  const { id, value } = await draftAt(phone, page, { screen, name: asked ? asked.name : "" });
  const chosen = asked || enterpriseById(phone, one(value.fields, "enterprise"));
  const enterprises = all(phone, "enterprises").map((row) => ({
    ...row,
    chosen: Boolean(chosen && chosen.id === row.id),
  }));
  return { id, value, chosen, enterprises };
}

function without(search, name) {
  const query = new URLSearchParams(search);
  query.delete(name);
  const said = query.toString();
  return said ? `?${said}` : "";
}
