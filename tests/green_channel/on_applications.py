"""Whose an application is."""

from issues.models import Issue
from tests import factories as make


def line_of(application):
    return Issue.objects.select_related("handler").get(pk=application.issue_id)


def contact_of(application):
    return make.ContactUserFactory(enterprise=application.issue.enterprise)
