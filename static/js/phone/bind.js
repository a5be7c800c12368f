// Fills the <template>s of the page, which hold all markup and all words, with rows.
//
// data-text="path"        the element says this; nothing at all: it is hidden
// data-bind="href:path;…" attributes; false or null leaves one out, true writes it empty
// data-if="path"          the element is there only if so; "!path" only if not
// data-each="path"        the element once for each row, whose fields come before those around it

export function fill(id, values) {
  const copy = document.getElementById(id).content.cloneNode(true);
  inside(copy, values);
  return copy;
}

// The words of <template id="words">, with {name} replaced: say("waiting", { n: 2 }).
export function say(name, values) {
  const found = document.getElementById("words").content.querySelector(`[data-word="${name}"]`);
  return found.textContent.replace(/\{(\w+)\}/g, (_all, key) => String(values[key]));
}

function inside(parent, values) {
  Array.from(parent.children).forEach((one) => element(one, values));
}

function element(one, values) {
  const { each, text, bind } = one.dataset;
  if (each !== undefined) {
    repeat(one, values);
    return;
  }
  if (one.dataset.if !== undefined && !holds(one.dataset.if, values)) {
    one.remove();
    return;
  }
  if (bind !== undefined) {
    bind.split(";").forEach((pair) => attribute(one, pair, values));
  }
  if (text !== undefined) {
    const said = look(text, values);
    one.textContent = said === undefined || said === null ? "" : whole(String(said));
    one.hidden = one.textContent === "";
    return;
  }
  inside(one, values);
}

// A date is not broken over two lines: its hyphens are of the kind that holds together.
function whole(text) {
  return text.replace(/\b(\d{4})-(\d\d)-(\d\d)\b/g, "$1\u2011$2\u2011$3");
}

function repeat(pattern, values) {
  (look(pattern.dataset.each, values) || []).forEach((row) => {
    const copy = pattern.cloneNode(true);
    delete copy.dataset.each;
    pattern.before(copy);
    element(copy, Object.assign(Object.create(values), row));
  });
  pattern.remove();
}

function attribute(one, pair, values) {
  const [name, path] = pair.split(":");
  const value = look(path, values);
  if (value === undefined || value === null || value === false) {
    one.removeAttribute(name);
  } else if (name === "value" && one.tagName === "TEXTAREA") {
    one.textContent = value;
  } else {
    one.setAttribute(name, value === true ? "" : String(value));
  }
}

function holds(path, values) {
  const not = path.startsWith("!");
  const found = look(not ? path.slice(1) : path, values);
  const there = Array.isArray(found) ? found.length > 0 : Boolean(found);
  return there !== not;
}

function look(path, values) {
  return path.split(".").reduce(
    (found, key) => (found === undefined || found === null ? undefined : found[key]),
    values,
  );
}
