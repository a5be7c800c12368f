"""What lists call the things we keep: each field with the headings seen above it.

The headings come from spreadsheets in use, slips included (社会统一信用代码). A field is found by
its English name too. Blanks, case, width and what stands in brackets need not be listed.
"""

from functools import lru_cache

from liaison.core.sheets import normalise_text
from liaison.core.sheets.grid import GridRow
from liaison.core.sheets.headings import find_headings

# Kept in columns of their own.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": (
        "企业名称", "单位名称", "公司名称", "项目名称", "企业名", "企业全称", "单位全称",
        "公司全称", "名称", "企业", "单位", "公司", "企业/项目名称", "企业（项目）名称",
        "商户名称", "重点项目名称", "标称生产企业名称", "被抽样单位名称", "企业名称/单位名称",
        "enterprise", "company", "company name", "enterprise name",
    ),
    "credit_code": (
        "统一社会信用代码", "社会统一信用代码", "统一信用代码", "社会信用代码", "信用代码",
        "统一社会信用码", "统一社会代码", "统一社会信用代码证号", "统一社会信用代码号",
        "信用代码证号", "企业信用代码", "机构信用代码", "credit code", "uscc",
        "unified social credit code",
    ),
    "address": (
        "地址", "企业地址", "单位地址", "公司地址", "详细地址", "经营地址", "实际经营地址",
        "生产地址", "通讯地址", "注册地址", "住所", "注册住所", "办公地址", "厂址", "项目地址",
        "项目地点", "坐落", "标称生产企业地址", "被抽样单位地址", "所在地址", "单位住所",
        "street address",
    ),
    "industry": (
        "所属行业", "行业", "行业类型", "行业门类", "行业类别", "行业分类", "国民经济行业",
        "行业名称", "sector",
    ),
    "kind": ("类型", "对象类型", "企业或项目", "单位类型"),
    "stage": (
        "经营状态", "企业状态", "登记状态", "存续状态", "生命周期", "生命周期阶段", "阶段",
        "项目阶段", "项目进度", "建设阶段", "状态", "运营状态", "生产状态", "status",
    ),
    "tier": (
        "企业级别", "级别", "分级", "重点级别", "企业类别", "类别", "层级", "管理级别", "规上",
        "是否规上", "是否规上企业", "是否规模以上",
    ),
    "grade": (
        "三色预警", "风险等级", "风险级别", "预警等级", "预警颜色", "风险颜色", "三色等级", "颜色",
        "risk grade", "risk",
    ),
    "key_unit_class": (
        "治安保卫重点单位类别", "重点单位类别", "内保类别", "治安保卫重点单位", "重点单位类型",
    ),
    "longitude": ("经度", "东经", "lon", "lng", "long", "坐标经度"),
    "latitude": ("纬度", "北纬", "lat", "坐标纬度"),
    "point": ("坐标", "经纬度", "地理坐标", "坐标位置", "位置坐标", "coordinates"),
    "coordinate_system": (
        "坐标系", "坐标系统", "坐标类型", "坐标来源", "coord_system", "coordinate system", "crs",
    ),
    "point_flag": ("坐标标记", "flag", "坐标说明", "坐标备注", "定位说明"),
    "headcount": (
        "员工数", "员工人数", "员工总数", "职工人数", "职工数", "从业人数", "从业人员数",
        "用工人数", "人数", "人员规模", "员工规模", "在职人数", "职工总数", "employees",
    ),
    "night_shift": ("夜班", "是否有夜班", "有无夜班", "是否夜班", "夜间生产", "是否夜间生产"),
    "legal_representative": (
        "法定代表人", "法人代表", "法人", "公司法人", "企业法人", "法定代表人姓名", "法人姓名",
        "法定代表人/姓名", "法人代表/姓名", "法人/姓名", "legal person",
    ),
    "legal_phone": (
        "法人联系电话", "法人电话", "法定代表人电话", "法定代表人联系电话", "法人联系方式",
        "法人代表电话", "法定代表人/电话", "法定代表人/联系电话", "法定代表人/手机", "法人/电话",
        "法人代表/电话",
    ),
    "contact_name": (
        "联系人", "主要联系人", "联系人姓名", "企业联系人", "单位联系人", "联系人/姓名", "负责人",
        "主要负责人", "企业负责人", "负责人姓名", "contact",
    ),
    "contact_position": ("职位", "职务", "联系人职务", "联系人职位", "联系人/职务", "position"),
    "contact_phone": (
        "联系电话", "电话", "联系方式", "企业联系方式", "企业联系电话", "主要联系人电话",
        "联系人电话", "联系人联系电话", "联系人联系方式", "联系人手机", "联系人/电话",
        "联系人/联系电话", "联系人/手机", "负责人电话", "手机", "手机号", "手机号码", "电话号码",
        "固定电话", "企业电话", "phone", "telephone", "tel", "mobile",
    ),
    "note": ("备注", "说明", "备注说明", "其他", "remark", "remarks", "notes"),
}  # fmt: skip

# No column of ours, yet worth keeping: they go into the note below the heading they came with.
NOTED: dict[str, tuple[str, ...]] = {
    "noted_capital": ("注册资本", "注册资金", "投资额", "总投资", "registered capital"),
    # Whom the list names as answering: a person gives it to them, see the assignment pages.
    "noted_officer": (
        "责任警官",
        "包联民警",
        "包联警官",
        "责任民警",
        "包联人",
        "包联责任人",
        "责任警官/姓名",
        "包联民警/姓名",
        "责任民警/姓名",
    ),
    "noted_officer_phone": (
        "责任警官电话",
        "包联民警电话",
        "责任民警电话",
        "责任警官/电话",
        "包联民警/电话",
        "责任民警/电话",
        "责任警官/联系电话",
        "包联民警/联系电话",
    ),
    "noted_signed": ("签约时间", "签约日期"),
    "noted_founded": ("成立时间", "成立日期", "注册时间", "注册日期", "开业时间", "founded"),
    "noted_scale": ("企业规模", "规模", "规模类型"),
    "noted_registration": ("注册类型", "企业类型", "公司类型", "登记注册类型", "经济类型"),
    "noted_former_name": ("曾用名", "former name"),
    "noted_owners": ("公司股东", "股东", "控股股东"),
    "noted_province": ("省份", "省", "所属省份", "province"),
    "noted_city": ("城市", "市", "所属城市", "city"),
    "noted_region": ("区域", "地区", "所属区域", "所属地区", "区县", "所属区县", "乡镇", "镇街"),
    "noted_park": ("所属园区编码", "所属园区", "园区", "工业园"),
    "noted_number": ("企业编码", "企业编号", "单位编号", "编号"),
    "noted_website": ("网站", "网址", "官网", "website"),
    "noted_mail": ("邮箱", "电子邮箱", "电子邮件", "e-mail", "email", "mail"),
    "noted_entered": ("录入时间", "录入日期", "登记时间"),
    "noted_products": ("主要产品", "经营范围", "主营业务"),
}

DATED = ("noted_founded", "noted_entered", "noted_signed")

ALIASES: dict[str, tuple[str, ...]] = {**FIELDS, **NOTED}


@lru_cache(maxsize=4096)
def meant_by(heading: str) -> str:
    """The field that a heading stands for; the heading itself where it is none of ours."""
    found = find_headings([GridRow(1, [heading])], ALIASES)
    return found.fields[0] if found else heading


def line_key(line: str) -> tuple[str, str]:
    """What a line of a note says, whichever heading stands before the colon.

    The same list kept with 注册资金 for 注册资本 must not add a second line.
    """
    heading, colon, text = normalise_text(line).partition(":")
    return (meant_by(heading.strip()), text.strip()) if colon else ("", heading)
