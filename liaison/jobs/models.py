"""How each periodic job last went."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ERROR_MAX = 500


class JobRun(models.Model):
    """One row a job, written over by every run: the log keeps what was, this says what is.

    ``begun_at`` and ``ended_at`` are by the clock, ``ran_for`` is the time the job went by; a
    worker that was killed leaves a beginning later than the end. ``seconds``, ``counts`` and
    ``error`` belong to the run that ended.
    """

    name = models.CharField(max_length=60, primary_key=True)
    first_begun_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ran_for = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    counts = models.JSONField(default=dict)
    error = models.CharField(max_length=ERROR_MAX, blank=True)

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")

    def __str__(self) -> str:
        return self.name
