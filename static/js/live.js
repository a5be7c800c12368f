// One polite live region for the whole page; without it a changed label is silent.
export function say(words) {
  const region = document.querySelector("[data-live]");
  if (region) {
    region.textContent = words;
  }
}
