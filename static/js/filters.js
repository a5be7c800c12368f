// Filter bars: a changed choice is applied when its list is closed, one open list at a time.
export function filters(root) {
  root.querySelectorAll("form[data-filters]").forEach((form) => {
    form.querySelectorAll("details").forEach((details) => {
      let before = "";
      const state = () => new URLSearchParams(new FormData(form)).toString();
      details.addEventListener("toggle", () => {
        if (details.open) {
          before = state();
          form.querySelectorAll("details[open]").forEach((other) => {
            if (other !== details) other.open = false;
          });
        } else if (before && state() !== before) {
          form.requestSubmit();
        }
      });
      details.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
          details.open = false;
          details.querySelector("summary").focus();
        }
      });
    });
    form.querySelectorAll("[data-autosubmit]").forEach((input) => {
      input.addEventListener("change", () => form.requestSubmit());
    });
    document.addEventListener("click", (event) => {
      form.querySelectorAll("details[open]").forEach((details) => {
        if (!details.contains(event.target)) details.open = false;
      });
    });
  });
}
