"""Addresses of a unit's channels, in Apprise's notation: which are admitted, and how one is shown.

Apprise can also write files, run programs and talk to the desktop; only what fits the channel is
read at all.
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import apprise
from django.utils.translation import gettext as _

from liaison.core.refused import Refused
from liaison.notices.models import Channel

OWN_GATEWAY = frozenset({"json", "jsons", "form", "forms"})
# Apprise's gateways for text messages, by what their addresses begin with.
SMS_SERVICES = frozenset(
    {
        "46elks", "atalk", "bulksms", "bulkvs", "burstsms", "clickatell", "clicksend", "cm",
        "d7sms", "eight00com", "elks", "exotel", "httpsms", "infobip", "kaleyra", "kavenegar",
        "klr", "kudosity", "mobilemessage", "mobilemsg", "msg91", "msgbird", "nexmo", "notifyre",
        "octopush", "plivo", "ringc", "serwersms", "seven", "sinch", "smsc", "smseagle",
        "smseagles", "smsmanager", "smsmgr", "smstunnel", "sns", "telesign", "telnyx", "twilio",
        "voipms", "vonage",
    }
)  # fmt: skip
SCHEMAS: dict[str, frozenset[str]] = {
    Channel.WECOM: frozenset({"wecombot"}),
    Channel.DINGTALK: frozenset({"dingtalk"}),
    Channel.SMS: SMS_SERVICES | OWN_GATEWAY,
    Channel.WEBHOOK: OWN_GATEWAY | {"xml", "xmls"},
}
# How such an address is written; shown beside the field.
EXAMPLES: dict[str, str] = {
    Channel.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY",
    Channel.DINGTALK: "dingtalk://SECRET@TOKEN/{phone}",
    Channel.SMS: "jsons://gateway.example/send?:to={phone}",
    Channel.WEBHOOK: "jsons://server.example/liaison",
}
# Of these the server's name tells which it is and opens nothing; elsewhere it is the key.
SERVER_SHOWN = OWN_GATEWAY | {"xml", "xmls"}
PHONE = "{phone}"
# Long enough for a gateway that thinks, and with room in the lease (delivering.LEASE).
PATIENCE = 10.0  # seconds, each for connecting and for the answer
_ASSET = apprise.AppriseAsset(app_id="Liaison", app_desc="Liaison", app_url="", secure_logging=True)
_A_PHONE = "13800000000"


# What the page of a robot gives to copy: its server, the parameter with the key, and what Apprise
# calls it. A DingTalk robot that signs needs its secret too: dingtalk://SECRET@TOKEN/{phone}.
ROBOT_PAGES: dict[str, tuple[str, str, str]] = {
    Channel.WECOM: ("qyapi.weixin.qq.com", "key", "wecombot://%s"),
    Channel.DINGTALK: ("oapi.dingtalk.com", "access_token", f"dingtalk://%s/{PHONE}"),
}


def in_notation(channel: str, url: str) -> str:
    """In Apprise's notation where it was copied from the robot's page; else as it is."""
    url = url.strip()
    server, parameter, notation = ROBOT_PAGES.get(channel, ("", "", ""))
    parts = urlsplit(url)
    keys = parse_qs(parts.query).get(parameter, [])
    copied = parts.scheme == "https" and parts.netloc == server and len(keys) == 1
    return notation % keys[0] if copied else url


def check(channel: str, url: str) -> None:
    """Raise Refused(field="url") for an address that does not fit the channel."""
    schema = _schema(url)
    if schema not in SCHEMAS[channel]:
        raise Refused(
            "not_admitted",
            _("Such an address is not admitted here. Write it like this: %s") % EXAMPLES[channel],
            field="url",
        )
    if channel == Channel.SMS and PHONE not in url:
        raise Refused(
            "no_phone", _("Say with {phone} where the telephone number stands."), field="url"
        )
    if plugin_for(url, _A_PHONE) is None:
        raise Refused(
            "unreadable",
            _("This address cannot be read. Write it like this: %s") % EXAMPLES[channel],
            field="url",
        )


def plugin_for(url: str, phone: str) -> apprise.NotifyBase | None:
    """What Apprise sends by, ``{phone}`` being this number; None if it cannot read the address."""
    plugin = apprise.Apprise.instantiate(url.replace(PHONE, phone), asset=_ASSET)
    if not isinstance(plugin, apprise.NotifyBase):
        return None
    plugin.socket_connect_timeout = min(plugin.socket_connect_timeout, PATIENCE)
    plugin.socket_read_timeout = min(plugin.socket_read_timeout, PATIENCE)
    return plugin


def masked(url: str) -> str:
    """Enough to recognise it. Apprise's own way leaves paths, headers and parameters readable."""
    schema = _schema(url)
    server = urlsplit(url).netloc.rpartition("@")[2] if schema in SERVER_SHOWN else ""
    return f"{schema}://{server}{'/' if server else ''}\N{HORIZONTAL ELLIPSIS}"


def scrubbed(said: str, url: str) -> str:
    """Without anything that stands in the address, however short the message then is."""
    for part in re.split(r"[/?&=@:#]+", url):
        for form in {part, unquote(part)}:
            if len(form) >= 4 and form != PHONE:
                said = said.replace(form, "\N{HORIZONTAL ELLIPSIS}")
    return said


def _schema(url: str) -> str:
    return url.partition("://")[0].lower() if "://" in url else ""
