"""What lists of guards call their columns, and the list one can start from."""

# A field is found by its English name too. Blanks, case, width and brackets need not be listed.
ALIASES: dict[str, tuple[str, ...]] = {
    "enterprise": (
        "单位", "单位名称", "企业", "企业名称", "公司名称", "所属单位", "所属企业", "服务单位",
        "驻勤单位", "用工单位", "客户单位", "派驻单位", "enterprise name",
    ),
    "credit_code": ("统一社会信用代码", "信用代码", "社会信用代码", "credit code"),
    "name": ("姓名", "保安员姓名", "保安姓名", "队员姓名", "人员姓名", "名字", "full name"),
    "phone": ("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "本人电话", "mobile"),
    "employer": (
        "用工性质", "用工方式", "用工类型", "用工形式", "人员性质", "人员类别", "性质", "来源",
        "招用方式", "employed by",
    ),
    "company": (
        "保安公司", "保安公司名称", "保安服务公司", "所属保安公司", "派遣公司", "派遣单位",
        "保安从业单位", "guard company",
    ),
    "certificate": (
        "保安员证号", "保安员证", "保安证号", "保安证", "保安员证编号", "保安员证号码", "证书编号",
        "证书号", "证号", "证件编号", "上岗证号", "certificate number",
    ),
    "certificate_until": (
        "有效期至", "有效期", "证书有效期", "保安员证有效期", "有效期限", "有效截止日期",
        "证件有效期", "到期日期", "到期时间", "截止日期", "失效日期", "valid until", "expiry date",
    ),
    "joined_on": (
        "入职日期", "入职时间", "上岗日期", "上岗时间", "到岗日期", "到岗时间", "start date",
    ),
}  # fmt: skip
TEMPLATE = (
    "enterprise", "name", "phone", "employer", "company", "certificate", "certificate_until",
    "joined_on",
)  # fmt: skip
EXAMPLE = (
    "示例食品有限公司(示例行,填写前请删除)", "示例保安", "13800000000", "保安公司派驻",
    "示例保安服务公司", "示证00000000", "2027-03-05", "2026-03-05",
)  # fmt: skip
EMPLOYERS = {
    "self_recruited": (
        "自招", "自行招用", "自行招聘", "自聘", "自有", "自雇", "本单位", "本企业", "企业自招",
        "单位自招", "自招保安", "自招保安员", "自行招用保安员", "自管", "直聘", "self",
        "self_recruited",
    ),
    "guard_company": (
        "保安公司", "保安公司派驻", "保安服务公司", "派驻", "派遣", "劳务派遣", "外包", "外聘",
        "第三方", "保安公司派遣", "公司派驻", "购买服务", "company", "guard_company",
    ),
}  # fmt: skip


def heading(field: str) -> str:
    """A field as lists call it."""
    return ALIASES[field][0] if field in ALIASES else field
