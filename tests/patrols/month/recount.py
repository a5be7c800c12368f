"""What must have come of the month, from the script's own record alone: no code of the product."""

from collections import defaultdict
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

# Leader, desk and chief are told so many minutes after what did not happen.
MINUTES = (10, 20, 40)
# A patrol walks a metre a second, and looks around at each checkpoint.
PACE, STAYS = 1.0, 120
RADIUS = 6_371_008.8


def afters(stops):
    """Seconds after the start by which a walk comes to each checkpoint."""
    found, passed = {}, 0
    for k, (place, *here) in enumerate(stops):
        passed += (round(metres(stops[k - 1][1:], here)) / PACE if k else 0) + STAYS
        found[place] = round(passed)
    return found


def metres(a, b):
    lon_a, lat_a, lon_b, lat_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * RADIUS * asin(sqrt(half))


def of_round(month):
    """What was done in each round."""
    found = defaultdict(list)
    for one in month.did:
        if one.what != "incident":
            found[one.body["run"]].append(one)
    return found


def place_of(month, one):
    return one.body.get("checkpoint") or month.station.places[one.body["code"]]


def alerts(month):
    """{(round, what, checkpoint, step): the sweep that told it}, from what the server had been
    told by each sweep."""
    done, found = of_round(month), {}
    for run in month.rounds:
        after = afters(run.stops)
        for now in month.sweeps:
            for key, moment in late(month, run, after, done[run.pk], now):
                if moment <= now:
                    found.setdefault((run.pk, *key), now)
    return found


def late(month, run, after, done, now):
    """What has not happened as far as anybody knows now, each step with its moment."""
    known = [one for one in done if one.arrived <= now]
    if not known:
        for step, minutes in enumerate(MINUTES):
            what = "missed_start" if step == 2 else "late_start"
            yield (what, None, step), run.planned + timedelta(minutes=minutes)
        return
    begun = min(one.at for one in known)
    seen = {place_of(month, one) for one in known if one.what == "check_in"}
    for place, seconds in after.items():
        if place not in seen:
            for step, minutes in enumerate(MINUTES):
                moment = begun + timedelta(seconds=seconds, minutes=minutes)
                yield ("missed_checkpoint", place, step), moment


def night_numbers(month, n):
    """The morning's counts of one night: rounds planned, walked and ended; checkpoints passed of
    how many; check-ins, incidents, alerts."""
    done, rounds = of_round(month), [one for one in month.rounds if one.night == n]
    passed = {
        (one.body["run"], place_of(month, one))
        for one in month.did
        if one.night == n and one.what == "check_in"
    }
    return {
        "planned": len(rounds),
        "walked": sum(bool(done[one.pk]) for one in rounds),
        "ended": sum(any(d.what == "end" for d in done[one.pk]) for one in rounds),
        "stops": sum(len(one.stops) for one in rounds),
        "passed": len(passed),
        "check_ins": sum(one.night == n and one.what == "check_in" for one in month.did),
        "incidents": sum(one.night == n and one.what == "incident" for one in month.did),
        "sos": sum(one.night == n and bool(one.body.get("sos")) for one in month.did),
    }


def report(month, n, by, told):
    """The morning's report of a night: what had arrived by this moment; ``told`` is what
    :func:`alerts` found."""
    known = [one for one in month.did if one.night == n and one.arrived <= by]
    rounds = [one for one in month.rounds if one.night == n]
    seen = {(one.body["run"], place_of(month, one)) for one in known if one.what == "check_in"}
    out = {one.body["run"] for one in known if one.what != "incident"}
    whole = {
        run.pk
        for run in rounds
        if run.pk in out and all((run.pk, place) in seen for place, *_at in run.stops)
    }
    of_night = {one.pk for one in rounds}
    first = [key for key, at in told.items() if key[0] in of_night and key[3] == 0 and at <= by]
    return {
        "rounds": len(rounds),
        "walked": len(whole),
        "short": len(out - whole),
        "missed": len(rounds) - len(out),
        "checkpoints": sum(len(one.stops) for one in rounds),
        "passed": len(seen),
        "check_ins": sum(one.what == "check_in" for one in known),
        "incidents": sum(one.what == "incident" for one in known),
        "sos": sum(bool(one.body.get("sos")) for one in known),
        "alerted": len(first),
    }
