"""What is odd about a check-in, in words. A flag says "look at this", not "it did not happen"."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from patrols.flags import Flag

WORDS: dict[str, Promise] = {
    Flag.FAR: pgettext_lazy("flag", "far from the checkpoint"),
    Flag.IMPOSSIBLE_SPEED: pgettext_lazy("flag", "nobody walks that fast"),
    Flag.CLOCK_SKEW: pgettext_lazy("flag", "the phone's clock is wrong"),
    Flag.REPEATED_TOKEN: pgettext_lazy("flag", "same code again"),
    Flag.OUT_OF_ORDER: pgettext_lazy("flag", "out of order"),
    Flag.OLD_TOKEN: pgettext_lazy("flag", "old plate"),
    Flag.NOT_ANSWERED: pgettext_lazy("flag", "self-recruited, no officer has answered"),
    Flag.NOT_ON_DUTY: pgettext_lazy("flag", "not on duty any more"),
}


def in_words(flags: Iterable[str]) -> list[str]:
    """In the order of the flags; one that this version does not know stays as it is."""
    return [str(WORDS.get(one, one)) for one in flags]
