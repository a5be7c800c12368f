"""Rows in a named state, made through the same actions as the product's own.

``AssignedEnterpriseFactory(unit=station)`` or ``ProposedIssueFactory(kind="hazard")``: whatever is
not given is made. People who must act on the way (a desk that lists, a chief who approves) are
taken from the station or made there.
"""

from tests.factories.enterprises import (
    AssignedEnterpriseFactory,
    ColdEnterpriseFactory,
    ContactFactory,
    ContactUserFactory,
    EnterpriseFactory,
    gate_code_of,
    handler_of,
)
from tests.factories.evidence import (
    EvidenceFactory,
    RecordingFactory,
    picture_bytes,
    recording_bytes,
)
from tests.factories.issues import (
    ISSUE_IN,
    STEPS,
    AcceptedIssueFactory,
    ClosedIssueFactory,
    DeclinedIssueFactory,
    ExtensionFactory,
    LateIssueFactory,
    ProposedIssueFactory,
    RaisedIssueFactory,
    WaitingIssueFactory,
    WithdrawnIssueFactory,
    WorkingIssueFactory,
    approver_for,
    kind_of,
    proofs_for,
    values_for,
)
from tests.factories.mobile import UploadFactory
from tests.factories.notices import (
    FailedDeliveryFactory,
    NoticeFactory,
    UnitChannelFactory,
    reachable,
)
from tests.factories.people import (
    PASSWORD,
    AuxiliaryFactory,
    BureauFactory,
    BureauUserFactory,
    ChiefFactory,
    DeskFactory,
    OfficerFactory,
    SquadFactory,
    SquadUserFactory,
    StationFactory,
    UserFactory,
    someone,
)
from tests.factories.visits import (
    InspectionFactory,
    PhotographedVisitFactory,
    VisitFactory,
)
from tests.factories.whereabouts import (
    GATE,
    on_duty,
    placed,
    position_at,
)

__all__ = [
    "GATE",
    "ISSUE_IN",
    "PASSWORD",
    "STEPS",
    "AcceptedIssueFactory",
    "AssignedEnterpriseFactory",
    "AuxiliaryFactory",
    "BureauFactory",
    "BureauUserFactory",
    "ChiefFactory",
    "ClosedIssueFactory",
    "ColdEnterpriseFactory",
    "ContactFactory",
    "ContactUserFactory",
    "DeclinedIssueFactory",
    "DeskFactory",
    "EnterpriseFactory",
    "EvidenceFactory",
    "ExtensionFactory",
    "FailedDeliveryFactory",
    "InspectionFactory",
    "LateIssueFactory",
    "NoticeFactory",
    "OfficerFactory",
    "PhotographedVisitFactory",
    "ProposedIssueFactory",
    "RaisedIssueFactory",
    "RecordingFactory",
    "SquadFactory",
    "SquadUserFactory",
    "StationFactory",
    "UnitChannelFactory",
    "UploadFactory",
    "UserFactory",
    "VisitFactory",
    "WaitingIssueFactory",
    "WithdrawnIssueFactory",
    "WorkingIssueFactory",
    "approver_for",
    "gate_code_of",
    "handler_of",
    "kind_of",
    "on_duty",
    "picture_bytes",
    "placed",
    "position_at",
    "proofs_for",
    "reachable",
    "recording_bytes",
    "someone",
    "values_for",
]
