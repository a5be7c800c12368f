// Buttons that ask twice, forms that send once, printing, text that is copied, drop-downs that close.
import { say } from "./live.js";

const PATIENCE = 5000;
const STUCK = 15000;
// The second half of a double click is no second thought.
const BREATH = 700;

function disarm(button) {
  if (button.classList.contains("armed")) {
    button.classList.remove("armed");
    button.textContent = button.dataset.label;
  }
}

// data-confirm="Really strike off?": the first press only changes the words.
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-confirm]");
    document.querySelectorAll(".armed[data-confirm]").forEach((other) => {
      if (other !== button) {
        disarm(other);
      }
    });
    if (!button) {
      return;
    }
    if (button.classList.contains("armed")) {
      if (Date.now() - Number(button.dataset.armedAt) < BREATH) {
        event.preventDefault();
        event.stopPropagation();
      }
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    button.dataset.label = button.textContent.trim();
    button.dataset.armedAt = String(Date.now());
    button.textContent = button.dataset.confirm;
    button.classList.add("armed");
    say(button.dataset.confirm);
    setTimeout(disarm, PATIENCE, button);
  },
  true,
);

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[data-held]").forEach((button) => {
    button.disabled = false;
    button.removeAttribute("data-held");
  });
}

// data-once: a second press of an impatient finger sends nothing. The button is disabled only after
// the browser has collected the form, otherwise its own name and value would be missing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => {
    form.querySelectorAll("button:not([type=button]):not([disabled])").forEach((button) => {
      button.disabled = true;
      button.setAttribute("data-held", "");
    });
  });
  // A download or a lost connection leaves the page standing: it must not stay locked.
  setTimeout(release, STUCK, form);
});

// Coming back with the browser's button finds the page as it was left, locked.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once]").forEach(release);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    window.print();
  }
});

async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Plain http inside the station has no clipboard API.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

// data-copy="text" or data-copy="#element"; data-copied is what the button says afterwards.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) {
    return;
  }
  const wanted = button.dataset.copy;
  const source = wanted.startsWith("#") ? document.querySelector(wanted) : null;
  copy(source ? source.value || source.textContent.trim() : wanted).then(
    () => {
      const words = button.dataset.copied;
      if (words) {
        const label = button.textContent;
        button.textContent = words;
        say(words);
        setTimeout(() => {
          button.textContent = label;
        }, 2000);
      }
    },
    () => {},
  );
});

// <details data-drop>: closes by Escape or a press elsewhere, as people expect of a menu.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-drop][open]").forEach((drop) => {
    if (!drop.contains(event.target)) {
      drop.open = false;
    }
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") {
    return;
  }
  document.querySelectorAll("details[data-drop][open]").forEach((drop) => {
    drop.open = false;
    drop.querySelector("summary").focus();
  });
});
