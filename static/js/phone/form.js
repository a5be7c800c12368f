// A form whose words and photos are kept on the phone from the first letter on, under an id of its
// own: two tabs never share one. What is kept is what the person sees, not what will be sent.
import { fill, say } from "./bind.js";
import { newId } from "./phone.js";
import { all, enterpriseById } from "./rows.js";

const PAUSE = 300;

// `value`: {path, screen, name, started_at, fields, photos, ...} of a draft; photos are
// {id, group, proof}. `enter` is called when it is to be sent, and leaves the screen when done.
export class DraftForm {
  constructor(form, phone, page, id, value) {
    Object.assign(this, { form, phone, page, id, value });
    this.saving = 0;
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

  changed(event) {
    if (event.target.matches("input[type=file]")) {
      this.takePhotos(event.target);
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
  }

  async takePhotos(input) {
    const place = input.closest("[data-photos]");
    const files = Array.from(input.files);
    // The same picture may be chosen again.
    input.value = "";
    place.setAttribute("aria-busy", "true");
    for (const file of files) {
      await this.takePhoto(file, place);
    }
    place.removeAttribute("aria-busy");
    await this.save();
    await this.showPhotos(place);
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

  // The proofs that are wanted, each once, then the last again.
  nextProof({ photos, nextProof }) {
    const wanted = nextProof.split(" ");
    const there = this.value.photos.filter((one) => one.group === photos).length;
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
    const rows = await Promise.all(
      photos.map(async (one, n) => ({ ...one, n: n + 1, url: await this.phone.photoUrl(one.id) })),
    );
    const proofs = (place.dataset.proofs || "").split(" ").filter((one) => one);
    const labels = new Map((this.phone.data && this.phone.data.choices.proofs) || []);
    const list = fill("t-photos", {
      photos: rows.map((row) => ({
        ...row,
        proofs: proofs.map((code) => ({
          code,
          label: labels.get(code) || code,
          chosen: code === row.proof,
        })),
      })),
    });
    place.querySelector("[data-list]").replaceChildren(list);
    const count = place.querySelector("[data-count]");
    count.textContent = photos.length ? say("photos-taken", { n: photos.length }) : "";
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

// Every field by name, as lists: a group of boxes has several values, or none.
export function fieldsOf(form) {
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
