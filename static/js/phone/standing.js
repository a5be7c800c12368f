// How a line stands once what was done to it here has been sent: the stage it will have, its version
// then, and what may be done to it next. So several moves can be made in a row without a network.

// {stage, stageLabel, version, moves, stuck}: `stuck` when one of those here came to nothing, and
// whatever counts on it waits for the person to decide.
export function standing(phone, line) {
  const choices = (phone.data && phone.data.choices) || { moves: [], stages: [] };
  const known = new Map(choices.moves.map((one) => [one.move, one]));
  const here = phone.operations.filter(
    ({ kind, body }) => kind === "move" && body.issue === line.id && known.has(body.move),
  );
  const claiming = here.filter(({ body }) => known.get(body.move).claims);
  const stuck = claiming.some((one) => one.state !== "waiting");
  const stage = claiming.reduce((now, { body }) => known.get(body.move).to || now, line.stage);
  const fitting = (line.moves[stage] || []).map((name) => known.get(name));
  return {
    stage,
    stageLabel: new Map(choices.stages).get(stage) || stage,
    version: line.version + claiming.length,
    moves: stuck ? fitting.filter((one) => !one.claims) : fitting,
    stuck,
  };
}
