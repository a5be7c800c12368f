// What the pages of an enterprise's contact have besides (docs/ui.md).
import "./draft.js";
import "./record.js";
