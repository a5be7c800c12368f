// Records what somebody says, for the phone's forms and the enterprise's.

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
export class Voice {
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
