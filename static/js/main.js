// Behaviour is attached by data-* attributes (docs/ui.md lists them). Listeners sit on the document,
// so that what htmx brings in later needs no setting up. Syntax for Chromium 90.
import "./bulk.js";
import "./buttons.js";
import "./fields.js";
import "./panels.js";
import "./picker.js";
import "./preview.js";

document.documentElement.classList.add("js");
