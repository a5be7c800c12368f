// [data-phone-files]: the camera's picture and what is spoken go into the one input of the form.
import { canRecord, lengthOf, Voice } from "../phone/recorder.js";
import { say } from "../live.js";
import { addFiles } from "./files.js";

const SUFFIXES = { "audio/webm": ".webm", "audio/mp4": ".m4a" };
let voice = null;

function takesAll(place) {
  return place.querySelector("input[type=file]:not([data-camera])");
}

function show() {
  for (const button of document.querySelectorAll("[data-record]")) {
    button.hidden = !canRecord();
    button.dataset.label = button.textContent.trim();
  }
}

async function record(button) {
  const place = button.closest("[data-phone-files]");
  const time = place.querySelector("[data-record-time]");
  const most = Number(button.dataset.mostSeconds);
  let stream;
  button.disabled = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    time.textContent = button.dataset.noMicrophone;
    say(button.dataset.noMicrophone);
    return;
  } finally {
    button.disabled = false;
  }
  voice = new Voice(stream, most, (seconds) => {
    time.textContent = `${lengthOf(Math.floor(seconds))} / ${lengthOf(most)}`;
  });
  button.textContent = button.dataset.again;
  const { blob } = await voice.ended;
  voice = null;
  button.textContent = button.dataset.label;
  time.textContent = "";
  const [type] = blob.type.split(";");
  if (blob.size && SUFFIXES[type]) {
    const name = `${new Date().toISOString().slice(0, 19).replace(/[-:T]/g, "")}${SUFFIXES[type]}`;
    addFiles(takesAll(place), [new File([blob], name, { type })]);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-record]");
  if (!button) {
    return;
  }
  if (voice) {
    voice.stop();
  } else {
    record(button);
  }
});

// Before anything else hears of it: the camera's own input is never sent.
document.addEventListener(
  "change",
  (event) => {
    const input = event.target;
    if (input.matches("[data-camera]") && input.files.length) {
      const files = [...input.files];
      input.value = "";
      addFiles(takesAll(input.closest("[data-phone-files]")), files);
    }
  },
  true,
);

show();
