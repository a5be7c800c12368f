"""The group robots of WeCom (企业微信) and DingTalk (钉钉).

Apprise reads their addresses and signs; the request is made here, because a robot that refuses a
message answers 200 all the same and says so in the body, which Apprise takes for success.
"""

from typing import Any

import requests
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot

from liaison.notices.channels.failing import NotSent
from liaison.notices.channels.saying import cut

# What each takes in one text, in bytes.
WECOM_TAKES = 2048
DINGTALK_TAKES = 19_000


def send_wecom(plugin: NotifyWeComBot, text: str) -> None:
    said = {"msgtype": "text", "text": {"content": cut(text, WECOM_TAKES)}}
    _post(plugin.notify_url.format(key=plugin.key), said, {}, plugin.request_timeout)


def send_dingtalk(plugin: NotifyDingTalk, text: str) -> None:
    said = {
        "msgtype": "text",
        "text": {"content": cut(text, DINGTALK_TAKES)},
        "at": {"atMobiles": plugin.targets, "isAtAll": False},
    }
    signed = {}
    if plugin.secret:
        timestamp, signature = plugin.get_signature()
        # It comes quoted, and requests quotes once more.
        signed = {"timestamp": timestamp, "sign": NotifyDingTalk.unquote(signature)}
    where = plugin.notify_url.format(token=plugin.token)
    _post(where, said, signed, plugin.request_timeout)


def _post(
    where: str, said: dict[str, Any], signed: dict[str, str], timeout: tuple[float, float]
) -> None:
    """What goes wrong is raised without the address: the key stands in it."""
    try:
        answer = requests.post(
            where, json=said, params=signed, timeout=timeout, allow_redirects=False
        )
    except requests.RequestException as error:
        raise NotSent(type(error).__name__) from None
    if answer.status_code != requests.codes.ok:
        raise NotSent(f"HTTP {answer.status_code}")
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        body = None
    if not isinstance(body, dict) or "errcode" not in body:
        raise NotSent("HTTP 200, but no answer of a robot")
    if body["errcode"] != 0:
        raise NotSent(f"errcode {body['errcode']}: {body.get('errmsg', '')}")
