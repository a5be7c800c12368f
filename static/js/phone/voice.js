// Voice notes: records what an officer says, as a file that is kept and sent like a photo.
import { say } from "./bind.js";

// What browsers record that the server takes; the first that this one can.
const TYPES = ["audio/webm;codecs=opus", "audio/mp4"];
const BITS_PER_SECOND = 32_000;
// Milliseconds: how often what has been said is handed over, and the time shown.
const SLICE = 1000;
const TICK = 250;
// A recorder stops a moment after it is told to; the server counts to the end.
const SPARE_SECONDS = 2;

export function canRecord() {
  const { mediaDevices } = navigator;
  return Boolean(window.MediaRecorder && mediaDevices && mediaDevices.getUserMedia && typeHere());
}

function typeHere() {
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type));
}

// "4:05", as a clock shows it.
export function lengthOf(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// One recording. `ended` resolves with {blob, seconds} however it ends: stopped, too long, out of
// sight, or the microphone taken away.
class Voice {
  constructor(stream, most, told) {
    this.stream = stream;
    this.parts = [];
    const mimeType = typeHere();
    const how = { mimeType, audioBitsPerSecond: BITS_PER_SECOND };
    this.recorder = new MediaRecorder(stream, how);
    this.recorder.ondataavailable = (event) => this.parts.push(event.data);
    this.hide = () => document.visibilityState === "hidden" && this.stop();
    document.addEventListener("visibilitychange", this.hide);
    this.ended = new Promise((resolve) => {
      this.recorder.onstop = () => resolve(this.closed(mimeType));
    });
    this.begun = performance.now();
    this.recorder.start(SLICE);
    this.timer = setInterval(() => {
      told(this.seconds());
      if (this.seconds() >= most - SPARE_SECONDS) {
        this.stop();
      }
    }, TICK);
    // Else the screen goes dark while somebody speaks, which ends it.
    this.awake = navigator.wakeLock ? navigator.wakeLock.request("screen").catch(() => null) : null;
  }

  seconds() {
    return (performance.now() - this.begun) / 1000;
  }

  stop() {
    if (this.recorder.state !== "inactive") {
      this.recorder.stop();
    }
  }

  async closed(type) {
    const seconds = this.seconds();
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.hide);
    this.stream.getTracks().forEach((track) => track.stop());
    const lock = await this.awake;
    if (lock) {
      lock.release();
    }
    return { blob: new Blob(this.parts, { type }), seconds };
  }
}

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
