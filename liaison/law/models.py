"""法律依据: what an order or an approval rests on."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LegalBasisQuerySet(models.QuerySet["LegalBasis"]):
    def in_force(self, on: date) -> "LegalBasisQuerySet":
        """As far as it is known when they came into force and ended."""
        begun = Q(effective_on__isnull=True) | Q(effective_on__lte=on)
        return self.filter(begun).exclude(ended_on__lt=on)

    def for_orders(self) -> "LegalBasisQuerySet":
        return self.filter(orders_rest_on_it=True)


class LegalBasis(models.Model):
    """An article of a law as it stood in one version. Revisions are under way: a new version is
    another row, so that what was decided by the former can still be read."""

    title = models.CharField(_("law"), max_length=80)
    article = models.CharField(_("article"), max_length=40, blank=True)
    version = models.CharField(_("version"), max_length=80, blank=True)
    effective_on = models.DateField(_("in force since"), null=True, blank=True)
    ended_on = models.DateField(_("in force until"), null=True, blank=True)
    orders_rest_on_it = models.BooleanField(_("rectification orders rest on it"), default=False)

    objects = LegalBasisQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        ordering = ("title", "article", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("title", "article", "version"), name="legal_basis_once"
            ),
        )

    def __str__(self) -> str:
        return f"《{self.title}》{self.article}"

    @property
    def cited(self) -> str:
        """As a document cites it: with the version, and since when that is in force."""
        since = f"{self.effective_on:%Y-%m-%d}起施行" if self.effective_on else ""
        stood = "，".join(filter(None, (self.version, since)))
        return f"《{self.title}》（{stood}）{self.article}" if stood else str(self)
