"""Marks of a line as the enterprise reads them."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from issues.models import Issue
from issues.promises import clock_said
from issues.workflow import CloseRule, Stage
from liaison.core.templatetags.ui import stage_tag, tag

register = template.Library()


@register.filter
def due_for(issue: Issue) -> str:
    """``{{ issue|due_for }}``: what the next deadline of a line is for, in a word or two."""
    return clock_said(issue)


@register.simple_tag
def stage_for_contact(issue: Issue) -> SafeString:
    """``{% stage_for_contact issue %}``: where a line stands; what is the enterprise's own to do is
    said as that."""
    if issue.stage == Stage.PROPOSED and issue.close_rule == CloseRule.CONTACT:
        return tag(pgettext("stage for a contact", "For you to confirm"), "jade")
    if issue.awaits_enterprise:
        return tag(pgettext("stage for a contact", "Waiting for you"), "amber")
    return stage_tag(issue)
