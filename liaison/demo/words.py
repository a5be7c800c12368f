"""Made-up names for the demo station. Nobody and nothing here exists."""

SURNAMES = "甲乙丙丁戊己庚辛"
# name, username, kind
PEOPLE = (
    *((f"警官{one}", f"officer{n}", "police_officer") for n, one in enumerate(SURNAMES[:5], 1)),
    *((f"辅警{one}", f"auxiliary{n}", "auxiliary_officer") for n, one in enumerate("甲乙丙", 1)),
    ("值班所长", "chief", "chief"),
    ("副所长", "chief2", "chief"),
    ("内勤", "desk", "desk"),
)
FIRST = "示例云岭 示例青禾 示例海棠 示例北辰 示例远山 示例星河 示例松涛 示例金穗 示例朝阳 示例白鹭"
FIRST += " 示例临港 示例丰泽 示例瑞安 示例鼎新 示例广源 示例宏图"
BRANCHES = (
    ("食品", "食品加工"),
    ("电子", "电子制造"),
    ("生物科技", "生物医药"),
    ("家居", "家具制造"),
    ("铝业", "金属制品"),
    ("纺织", "纺织服装"),
    ("物流", "仓储物流"),
    ("化工", "化学原料"),
    ("包装", "包装印刷"),
    ("机械", "通用设备"),
)
ROADS = ["示范一路", "示范二路", "示范三路", "创业示例大街", "示例东环路", "示例工业大道"]
POSITIONS = ("总经理", "安保部长", "行政主管", "厂长", "项目经理")
# kind, level, title
TROUBLES = (
    ("hazard", "ordinary", "东区仓库消防通道堆放原料"),
    ("hazard", "simple", "北门监控摄像头损坏两个"),
    ("hazard", "complex", "危化品库房双人双锁未落实"),
    ("hazard", "ordinary", "宿舍楼应急照明不亮"),
    ("dispute", "ordinary", "外地工人与包工头因工钱发生争执"),
    ("dispute", "complex", "村民在征收地块抢栽树苗"),
    ("dispute", "simple", "货车占道与相邻厂区起争执"),
    ("case_lead", "ordinary", "电缆数量与领用记录不符"),
    ("case_lead", "ordinary", "夜间有人翻越西侧围墙"),
    ("service", "simple", "一名高管咨询落户"),
    ("service", "ordinary", "新进工人集中办理居住登记"),
    ("approval", "ordinary", "公章备案变更"),
    ("patrol_request", "simple", "夜班下班路段希望加大巡逻"),
    ("other", "simple", "门前道路希望增设减速带"),
)
SAID = (
    "查看了门卫登记和监控,情况正常。",
    "提醒夜间仓库双人值守,负责人表示当天安排。",
    "讲了反诈和居住登记的要求,企业提了两个问题,已当面答复。",
    "看了配电房和危化品库,台账齐全。",
    "了解近期用工情况,春节前可能集中招人。",
)
