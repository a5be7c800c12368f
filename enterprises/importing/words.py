"""The words that lists use for stages, tiers, kinds, grades and coordinate systems."""

import re

from enterprises.models import Enterprise, Grade, Stage, Tier
from liaison.core.coordinates import CoordinateSystem
from liaison.core.sheets import normalise_text


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", normalise_text(text).lower())


def _by_word(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {_key(word): str(value) for value, words in table.items() for word in (value, *words)}


STAGES = _by_word({
    Stage.SIGNED: ("签约", "已签约", "拟建", "筹建", "筹备"),
    Stage.LANDING: ("落地", "已落地", "落地中", "前期", "开工准备"),
    Stage.CONSTRUCTION: (
        "建设", "在建", "建设中", "施工", "施工中", "续建", "新建", "扩建", "开工",
    ),
    Stage.COMMISSIONING: ("投产", "试生产", "试运行", "试运营", "试产", "竣工", "调试"),
    Stage.OPERATING: (
        "运营", "运营中", "在营", "营业", "营业中", "正常", "正常经营", "正常生产", "正常运营",
        "存续", "开业", "在业", "在产", "生产", "生产中", "已投产", "经营", "经营中",
        "存续（在营、开业、在册）", "在册", "迁入", "active", "open", "normal",
    ),
    Stage.SUSPENDED: (
        "停产", "停业", "歇业", "半停产", "停工", "停建", "暂停", "暂停营业", "关停", "inactive",
        "stopped",
    ),
    Stage.CLOSED: (
        "注销", "已注销", "吊销", "已吊销", "吊销，未注销", "吊销，已注销", "撤销", "迁出",
        "已迁出", "倒闭", "破产", "关闭", "已关闭", "closed down", "cancelled", "revoked",
        "dissolved",
    ),
})  # fmt: skip
TIERS = _by_word({
    Tier.KEY: ("重点", "重点企业", "重点单位", "重点项目", "key enterprise"),
    # 是否规上: 是 / 否.
    Tier.ABOVE_SCALE: (
        "是", "规上", "规上企业", "规模以上", "规模以上企业", "规模以上工业企业", "above",
    ),
    Tier.GENERAL: (
        "否", "一般", "一般企业", "普通", "普通企业", "规下", "规下企业", "规模以下",
        "规模以下企业", "normal", "ordinary",
    ),
})  # fmt: skip
KINDS = _by_word(
    {
        Enterprise.Kind.ENTERPRISE: ("企业", "公司", "单位", "工厂", "company"),
        Enterprise.Kind.PROJECT: ("项目", "重点项目", "工程", "重大项目", "key project"),
    }
)
GRADES = _by_word(
    {
        Grade.RED: ("红", "红色", "红色预警", "红码", "高", "高风险"),
        Grade.YELLOW: ("黄", "黄色", "黄色预警", "黄码", "中", "中风险"),
        Grade.GREEN: ("绿", "绿色", "绿码", "低", "低风险"),
    }
)
SYSTEMS = _by_word({
    CoordinateSystem.WGS84: ("wgs", "epsg4326", "gps", "地球坐标", "地球坐标系", "大疆", "84"),
    CoordinateSystem.GCJ02: (
        "gcj", "火星", "火星坐标", "火星坐标系", "国测局", "高德", "高德地图", "腾讯", "腾讯地图",
        "amap", "tencent",
    ),
    CoordinateSystem.BD09: ("bd", "bd09ll", "百度", "百度地图", "百度坐标", "baidu"),
    CoordinateSystem.CGCS2000: (
        "cgcs", "2000", "国家2000", "2000坐标系", "国家大地2000", "天地图", "tianditu", "epsg4490",
    ),
})  # fmt: skip

# What people type into a cell to say that there is nothing to type.
_NOTHING = frozenset(
    (
        "无", "暂无", "没有", "不详", "未知", "待补", "待补充", "待定", "空", "未填", "未提供",
        "n/a", "na", "none", "null", "nan", "nil", "unknown", "-", "--", "---", "/", "\\", "—",
        "——", "?", "*",
    )
)  # fmt: skip


def is_nothing(text: str) -> bool:
    """Whether the text only says that nothing is known."""
    return normalise_text(text).lower() in _NOTHING


def meaning(text: str, words: dict[str, str]) -> str | None:
    """The value that a word stands for, None for a word not known here."""
    return words.get(_key(text))
