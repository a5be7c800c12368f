"""Where an officer was on a visit or an arrival, as long as that is kept."""

from django.db import models
from django.db.models import Q

from liaison.core.coordinates import CoordinateSystem, Point, point_of
from liaison.whereabouts.keeping import LeftOut
from visits.models.arrival import CheckIn
from visits.models.visit import Visit
from visits.querysets import VisitPositionQuerySet


class VisitPosition(models.Model):
    """What became of a position that was sent: kept, kept until then, or left out and why.

    Movement tracks are sensitive, and the law says to collect the least and keep it no longer than
    needed (个人信息保护法 Art. 6, 19, 28). What is needed for good is whether the visit was made on
    the spot, so ``far`` and ``distance`` stay; where exactly the officer stood, when to the second,
    and how exactly it was measured is needed only while somebody may doubt it, and goes after
    POSITION_KEEP_DAYS or with the consent. The distance is then rounded to 100 metres: an exact one
    is a circle on which the officer stood. The row stays as the trace of what was deleted
    (``purged_at``). A position that was left out leaves the reason and nothing of itself.

    A table of its own: visits are not written again when coordinates go.
    """

    visit = models.ForeignKey(
        Visit, models.CASCADE, null=True, blank=True, related_name="positions"
    )
    check_in = models.ForeignKey(
        CheckIn, models.CASCADE, null=True, blank=True, related_name="positions"
    )
    left_out = models.CharField(max_length=12, choices=LeftOut, blank=True)
    # WGS-84, degrees; the system they came in is kept so that a doubt can be traced.
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    system = models.CharField(max_length=8, choices=CoordinateSystem, blank=True)
    # Metres within which the phone believed to be.
    accuracy = models.FloatField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    # Metres to the enterprise's point as it was at that time; None where it had none.
    distance = models.PositiveIntegerField(null=True, blank=True)
    far = models.BooleanField(default=False)
    purged_at = models.DateTimeField(null=True, blank=True)

    objects = VisitPositionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(visit__isnull=False) ^ Q(check_in__isnull=False),
                name="position_of_one",
            ),
            models.UniqueConstraint(fields=("visit",), name="position_visit_once"),
            models.UniqueConstraint(fields=("check_in",), name="position_check_in_once"),
            models.CheckConstraint(
                condition=Q(
                    left_out="",
                    purged_at__isnull=True,
                    longitude__isnull=False,
                    latitude__isnull=False,
                    accuracy__isnull=False,
                    taken_at__isnull=False,
                )
                | Q(
                    ~Q(left_out="") | Q(purged_at__isnull=False),
                    longitude__isnull=True,
                    latitude__isnull=True,
                    accuracy__isnull=True,
                    taken_at__isnull=True,
                ),
                name="position_whole_or_gone",
            ),
        )
        indexes = (
            models.Index(
                fields=("taken_at",),
                condition=Q(taken_at__isnull=False),
                name="position_to_purge",
            ),
        )

    def __str__(self) -> str:
        # Never where: this is printed and logged.
        return f"{self.visit or self.check_in}"

    @property
    def point(self) -> Point | None:
        return point_of(self.longitude, self.latitude)
