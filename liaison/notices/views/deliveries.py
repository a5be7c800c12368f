"""What could not be sent, for the system administrator of the unit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liaison.accounts.access import SYSTEM_ADMINISTRATORS, open_to
from liaison.accounts.models import User
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from liaison.notices.actions import retry_delivery
from liaison.notices.channels import email
from liaison.notices.models import Delivery


@open_to(SYSTEM_ADMINISTRATORS)
def delivery_list(request: HttpRequest) -> HttpResponse:
    """To whom, by what, and why not; not what the notices say."""
    user: User = request.user  # type: ignore[assignment]
    deliveries = Delivery.objects.visible_to(user)
    failed = deliveries.failed().select_related("notice__recipient", "notice__unit")
    context = {
        "page": cut_page(request, failed, ("-failed_at", "-id")),
        "put_off": deliveries.put_off().count(),
        "email_configured": email.is_configured(),
    }
    return render(request, "notices/deliveries.html", context)


@open_to(SYSTEM_ADMINISTRATORS)
@require_POST
def delivery_retry(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    delivery = get_object_or_404(Delivery.objects.visible_to(user), pk=pk)
    try:
        retry_delivery(delivery, by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("It is being sent again."))
    return redirect("delivery_list")
