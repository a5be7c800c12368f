// Draws the guard's page from what the phone keeps: the night as the server last told it, and what
// was done since, sent or not.

const all = (selector) => [...document.querySelectorAll(selector)];
export const one = (selector) => document.querySelector(selector);
export const part = (name) => one(`[data-part="${name}"]`);
const show = (name) => one(`[data-show="${name}"]`);

// By the clock in China, to whatever zone the phone is set.
const hours = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Shanghai",
  hour: "2-digit",
  minute: "2-digit",
});

export function clock(iso) {
  return hours.format(new Date(iso));
}

// When this checkpoint was passed in this round, as far as the phone knows.
function passed(stop, run, rows) {
  const own = rows.find((row) => {
    const { object, body } = row;
    const place = object ? object.checkpoint : body.checkpoint;
    const round = object ? object.run : body.run;
    return row.kind === "check_in" && row.state !== "refused" && place === stop.id && round === run.id;
  });
  return own ? own.made_at : stop.seen_at;
}

export function standing(run, rows) {
  const own = (kind) =>
    rows.find((row) => row.kind === kind && row.state !== "refused" && row.body.run === run.id);
  const started = run.started_at || (own("start") || {}).made_at || "";
  const ended = run.ended_at || (own("end") || {}).made_at || "";
  return { started, ended };
}

// The round to show when none was chosen: the first that is not over.
export function current(night, rows) {
  return night.runs.find((run) => !standing(run, rows).ended) || night.runs[night.runs.length - 1];
}

export function draw(night, run, rows, state) {
  part("none").hidden = true;
  part("night").hidden = false;
  show("team").textContent = night.team;
  show("about").textContent = `${night.guard} · ${night.night}`;
  drawRounds(night, run, rows);
  drawNet(rows, state);
  drawLog(night, rows);
  const kinds = one('[data-list="kinds"]');
  if (!kinds.children.length) {
    kinds.append(...night.kinds.map((kind) => new Option(kind.name, kind.code)));
    kinds.value = "other";
  }
}

function drawRounds(night, run, rows) {
  const pick = one('[data-pick="run"]');
  const options = night.runs.map((each) => {
    const name = `${each.route} · ${each.round} · ${clock(each.planned_start)}`;
    return new Option(name, String(each.id), false, run && each.id === run.id);
  });
  pick.replaceChildren(...options);
  const others = show("with");
  others.textContent = others.dataset.words.replace("%w", night.with.join(", "));
  others.hidden = !night.with.length;
  const start = one('[data-do="start"]');
  if (!run) {
    start.hidden = true;
    part("walking").hidden = true;
    return;
  }
  const { started, ended } = standing(run, rows);
  const planned = show("planned");
  planned.textContent = planned.dataset.words.replace("%t", clock(run.planned_start));
  start.hidden = Boolean(started);
  part("walking").hidden = !started || Boolean(ended);
  drawStops(run, rows);
}

function drawStops(run, rows) {
  const list = one('[data-list="stops"]');
  const items = run.stops.map((stop) => {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = stop.name;
    item.append(name);
    const at = passed(stop, run, rows);
    if (at) {
      const done = document.createElement("b");
      done.textContent = list.dataset.done.replace("%t", clock(at));
      item.append(done);
    } else {
      const here = document.createElement("button");
      here.type = "button";
      here.className = "btn small";
      here.dataset.stop = String(stop.id);
      here.textContent = list.dataset.here;
      here.setAttribute("aria-label", `${stop.name}: ${list.dataset.here}`);
      item.append(here);
    }
    return item;
  });
  list.replaceChildren(...items);
}

function drawNet(rows, state) {
  const net = show("net");
  const waiting = rows.filter((row) => row.state === "kept").length;
  const words = state === "offline" ? net.dataset.offline : net.dataset.waits;
  net.textContent = waiting || state === "offline" ? words.replace("%n", waiting) : net.dataset.saved;
  net.classList.toggle("waits", waiting > 0);
}

function drawLog(night, rows) {
  const list = one('[data-list="log"]');
  const names = new Map(night.runs.flatMap((run) => run.stops).map((stop) => [stop.id, stop.name]));
  const items = [...rows].reverse().map((row) => {
    const item = document.createElement("li");
    const kind = row.kind === "incident" && row.body.sos ? "sos" : row.kind;
    const told = (row.object && row.object.name) || names.get(row.body.checkpoint);
    const name = told || row.body.text || row.body.code || "";
    const state = { kept: "kept", done: "sent", refused: "refused" }[row.state];
    item.className = row.state;
    item.textContent = [
      clock(row.made_at),
      list.dataset[kind],
      name,
      `${list.dataset[state]}${row.message ? `: ${row.message}` : ""}`,
    ]
      .filter(Boolean)
      .join(" · ");
    return item;
  });
  list.replaceChildren(...items);
}

export function trouble(kind) {
  const line = part("trouble");
  line.hidden = !kind;
  line.textContent = kind ? line.dataset[kind] : "";
}

export function buttons(name) {
  return all(`[data-do="${name}"]`);
}
