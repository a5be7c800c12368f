"""What lists of workers call their columns, and the list one can start from."""

# A field is found by its English name too. Blanks, case, width and brackets need not be listed.
ALIASES: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "员工姓名", "工人姓名", "人员姓名", "名字", "full name"),
    "id_number": (
        "身份证号", "身份证号码", "身份证", "公民身份号码", "公民身份证号码", "居民身份证号",
        "居民身份证号码", "证件号码", "证件号", "身份号码", "id number", "id card",
    ),
    "phone": (
        "手机号", "手机号码", "联系电话", "电话", "联系方式", "手机", "本人电话", "mobile",
    ),
    "origin": (
        "户籍地址", "户籍地", "户籍所在地", "户口所在地", "籍贯", "户籍", "家庭住址", "户口地址",
        "registered address",
    ),
    "residence": (
        "现住址", "居住地址", "现居住地", "现居住地址", "宿舍", "宿舍号", "暂住地址", "住址",
        "住处", "dormitory", "current address",
    ),
    "job": ("工种", "岗位", "职务", "职位", "工作岗位", "从事工作", "work", "position"),
    "entry_on": (
        "进厂日期", "入职日期", "进厂时间", "入职时间", "到岗日期", "进场日期", "进场时间",
        "用工日期", "entry date", "start date",
    ),
    "photo": ("照片", "照片文件", "照片文件名", "照片名", "相片", "photo file"),
    # What we write into a list that is given back.
    "mark": ("原行号",),
    "why": ("原因", "退回原因"),
}  # fmt: skip
OURS = ("mark", "why")
TEMPLATE = ("name", "id_number", "phone", "origin", "residence", "job", "entry_on", "photo")
# A number that fails its own check digit: nobody's, and refused if somebody forgets to delete it.
EXAMPLE = (
    "示例(请删除本行)", "110101199001010000", "13800000000", "示例省示例县示例村",
    "厂区3号宿舍楼", "装配", "2026-03-05", "110101199001010000.jpg",
)  # fmt: skip


def heading(field: str) -> str:
    """A field as people read it; what is none of ours is its own heading."""
    return ALIASES[field][0] if field in ALIASES else field
