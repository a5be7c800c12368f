"""Whom papers and orders concern, and in which words they are told."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.deadlines import CHIEFS, CONTACTS, DESK, OFFICER, Step
from documents.models import Document, Order, Reply
from enterprises.reach import answering
from issues.notices import handlers_of
from liaison.accounts.models import Kind, User
from liaison.notices.actions import notify
from liaison.notices.gathering import Saying

# More names than these nobody reads in a notice; the page has them all.
NAMED = 20


def contacts_at(enterprises: Iterable[int]) -> list[User]:
    """Those at these enterprises who sign in now."""
    there = User.objects.active().filter(
        contact_for__enterprise__in=list(enterprises), contact_for__left_on__isnull=True
    )
    return list(there.distinct())


def tell_published(document: Document) -> None:
    """One notice for each contact, however many of their enterprises it is for."""
    enterprises = document.addressed.values_list("enterprise", flat=True)
    with translation.override(settings.LANGUAGE_CODE):
        said = [document.unit.name]
        if document.acknowledge_by:
            day = f"{document.acknowledge_by:%Y-%m-%d}"
            said.append(_("Please say that you know of it by %(day)s.") % {"day": day})
        what = {"kind": document.get_kind_display(), "title": document.title}
        notify(
            contacts_at(enterprises),
            occasion=f"document:{document.pk}",
            kind="document.published",
            title=_("%(kind)s: %(title)s") % what,
            text="\n".join(said),
            url=reverse("portal_document", args=[document.pk]),
        )


def tell_replied(reply: Reply) -> None:
    """Whoever published it, if they are still there, and who answers for the enterprise."""
    addressed = reply.addressed
    document, enterprise = addressed.document, addressed.enterprise
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            [*_publisher(document), *answering(enterprise)],
            occasion=f"reply:{reply.pk}",
            kind="document.replied",
            title=_("%(name)s replies to “%(title)s”")
            % {"name": enterprise.name, "title": document.title},
            text=f"{reply.by}",
            url=reverse("document_detail", args=[document.pk]),
            by=reply.by,
        )


def sayings_of_document(document: Document, step: Step) -> list[tuple[int, Saying]]:
    """Whom a step of the clock concerns: those who have not said that they know, or the station."""
    owing = list(document.addressed.unacknowledged().select_related("enterprise__unit"))
    if not owing:
        return []
    occasion = f"document:{document.pk}:due:{step.days}"
    day = f"{document.acknowledge_by:%Y-%m-%d}"
    if CONTACTS in step.who:
        said = Saying(
            occasion=occasion,
            kind="document.due",
            title=_("Please say by %(day)s that you know of “%(title)s”")
            % {"day": day, "title": document.title},
            text=document.unit.name,
            url=reverse("portal_document", args=[document.pk]),
        )
        people = contacts_at(one.enterprise_id for one in owing)
        return [(one.pk, said) for one in people]
    names = [one.enterprise.name for one in owing]
    more = ["\N{HORIZONTAL ELLIPSIS}"] if len(names) > NAMED else []
    said = Saying(
        occasion=occasion,
        kind="document.lapsed",
        title=ngettext(
            "%(n)d enterprise has not acknowledged “%(title)s”",
            "%(n)d enterprises have not acknowledged “%(title)s”",
            len(owing),
        )
        % {"n": len(owing), "title": document.title},
        text="\n".join([*names[:NAMED], *more]),
        url=f"{reverse('document_detail', args=[document.pk])}?who=unacknowledged",
    )
    people = _publisher(document) or answering(owing[0].enterprise)
    return [(one.pk, said) for one in people]


def tell_of_order(
    order: Order, people: Collection[User], *, occasion: str, title: str, by: User, text: str = ""
) -> None:
    """Contacts are led to their page of it, staff to the station's."""
    with translation.override(settings.LANGUAGE_CODE):
        for theirs, route in ((True, "portal_order"), (False, "order_detail")):
            notify(
                [one for one in people if one.is_contact == theirs],
                occasion=f"order:{order.pk}:{occasion}",
                kind=f"order.{occasion.partition(':')[0]}",
                title=title % {"number": order.number},
                text="\n".join(filter(None, (order.enterprise.name, text))),
                url=reverse(route, args=[order.pk]),
                by=by,
            )


def sayings_of_order(order: Order, step: Step) -> list[tuple[int, Saying]]:
    """Whom a step of an order's clock concerns."""
    staff: dict[int, User] = {}
    if OFFICER in step.who:
        staff |= {one.pk: one for one in handlers_of(order.issue)}
    for role, kind in ((DESK, Kind.DESK), (CHIEFS, Kind.CHIEF)):
        if role in step.who:
            found = User.objects.active().at(order.unit).filter(kind=kind)
            staff |= {one.pk: one for one in found}
    words = (
        _("To be put right by %(day)s: %(number)s")
        if step.days <= 0
        else _("Overdue since %(day)s: %(number)s")
    )
    title = words % {"day": f"{order.due_on:%Y-%m-%d}", "number": order.number}

    def said(route: str) -> Saying:
        return Saying(
            occasion=f"order:{order.pk}:due:{step.days}",
            kind="order.due_soon" if step.days <= 0 else "order.overdue",
            title=title,
            text=order.enterprise.name,
            url=reverse(route, args=[order.pk]),
        )

    contacts = contacts_at([order.enterprise_id]) if CONTACTS in step.who else []
    return [
        *((one.pk, said("portal_order")) for one in contacts),
        *((pk, said("order_detail")) for pk in staff),
    ]


def _publisher(document: Document) -> list[User]:
    there = User.objects.active().at(document.unit)
    return list(there.filter(pk=document.published_by_id))
