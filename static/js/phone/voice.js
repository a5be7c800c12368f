// Voice notes: records what an officer says, as a file that is kept and sent like a photo.
import { say } from "./bind.js";
import { lengthOf, Voice } from "./recorder.js";

// The tiles of a DraftForm by which one records: one recording at a time.
export class VoiceTiles {
  constructor(draft) {
    this.draft = draft;
    this.voice = null;
    this.asking = false;
    this.kept = Promise.resolve();
  }

  async pressed(button) {
    const again = this.button === button && this.voice;
    await this.stop();
    if (!again && !this.asking) {
      await this.begin(button);
    }
  }

  async begin(button) {
    const { draft } = this;
    const place = button.closest("[data-photos]");
    if (draft.isFull(place)) {
      return;
    }
    this.asking = true;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      draft.page.tell(say("no-microphone", {}));
      return;
    } finally {
      this.asking = false;
    }
    if (draft.sent || !draft.form.isConnected) {
      // The screen was left while the question stood.
      stream.getTracks().forEach((track) => track.stop());
      return;
    }
    this.button = button;
    const most = Number(button.dataset.mostSeconds);
    const time = button.querySelector("[data-time]");
    const shown = (seconds) => {
      time.textContent = `${lengthOf(Math.floor(seconds))} / ${lengthOf(most)}`;
    };
    this.voice = new Voice(stream, most, shown);
    this.show(button, true);
    shown(0);
    this.kept = this.keep(place);
  }

  // Stops what is being recorded, if anything is; resolves once it is kept.
  stop() {
    if (this.voice) {
      this.voice.stop();
    }
    return this.kept;
  }

  async keep(place) {
    const { button } = this;
    const { blob, seconds } = await this.voice.ended;
    this.voice = null;
    this.show(button, false);
    await this.draft.takeRecording(blob, seconds, place);
  }

  show(button, on) {
    button.classList.toggle("on", on);
    button.querySelector("[data-idle]").hidden = on;
    button.querySelector("[data-busy]").hidden = !on;
    button.querySelector("[data-time]").textContent = "";
  }
}
