from patrols.models.check_in import CheckIn, CheckInPosition, NightOperation
from patrols.models.door import NightLink, NightPin
from patrols.models.guard import ComplianceAnswer, Employer, Guard, GuardList, Verdict
from patrols.models.incident import NightPhoto, PatrolIncident
from patrols.models.night import Duty, DutyGuard, DutyNight, Night, Wish
from patrols.models.report import NightReport
from patrols.models.response import Response
from patrols.models.roster import Absence, Roster, SwapRequest
from patrols.models.route import (
    Checkpoint,
    CheckpointCode,
    Route,
    StationPatrol,
    TemporaryPost,
)
from patrols.models.run import PatrolAlert, PatrolRun, RunStop
from patrols.models.team import Barrier, Draft, DraftPlace, Membership, PatrolTeam, Pin

__all__ = [
    "Absence",
    "Barrier",
    "CheckIn",
    "CheckInPosition",
    "Checkpoint",
    "CheckpointCode",
    "ComplianceAnswer",
    "Draft",
    "DraftPlace",
    "Duty",
    "DutyGuard",
    "DutyNight",
    "Employer",
    "Guard",
    "GuardList",
    "Membership",
    "Night",
    "NightLink",
    "NightOperation",
    "NightPhoto",
    "NightPin",
    "NightReport",
    "PatrolAlert",
    "PatrolIncident",
    "PatrolRun",
    "PatrolTeam",
    "Pin",
    "Response",
    "Roster",
    "Route",
    "RunStop",
    "StationPatrol",
    "SwapRequest",
    "TemporaryPost",
    "Verdict",
    "Wish",
]
