// Larger letters, for whoever wants them: kept on the phone, for whoever uses it.

const NAME = "liaison-letters";

export function isLarge() {
  try {
    return localStorage.getItem(NAME) === "large";
  } catch (error) {
    // Where nothing may be kept letters are as they always were.
    return false;
  }
}

export function setLarge(large) {
  try {
    localStorage.setItem(NAME, large ? "large" : "");
  } catch (error) {
    console.warn("The size of letters is not kept.", error);
  }
  applySize(large);
}

export function applySize(large = isLarge()) {
  document.documentElement.classList.toggle("large", large);
}
