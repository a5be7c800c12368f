// Putting an enterprise into another team of a draft: what is let go of over which team.

// What stands for a team below this point, other than the one it is in; null where there is none.
export function teamAt(x, y, own) {
  return (
    document
      .elementsFromPoint(x, y)
      .map((element) => element.closest("[data-team]"))
      .find((element) => element && element.dataset.team !== own) || null
  );
}

// The form with the version that was looked at goes to the enterprise's own address.
export function move(form, address, team) {
  form.action = address;
  form.elements.team.value = team;
  form.submit();
}
