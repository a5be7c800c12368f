"""The items every installation starts with. What differs from place to place, and what no text of
a law says for certain, is left open: fees and further papers are as posted at the counter."""

from datetime import date

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTED = "其他材料以窗口公布为准。"
# key: law, article (where it is certain), version, in force since
BASES = {
    "id_card": ("中华人民共和国居民身份证法", "第十二条", "2011年修正", date(2012, 1, 1)),
    "residence": ("居住证暂行条例", "", "2015年公布", date(2016, 1, 1)),
    "household": ("中华人民共和国户口登记条例", "", "1958年公布", date(1958, 1, 9)),
    "record": ("公安机关办理犯罪记录查询工作规定", "", "2021年公布", date(2021, 12, 31)),
    "passport": ("中华人民共和国护照法", "第六条", "2006年公布", date(2007, 1, 1)),
    "foreign_residence": (
        "中华人民共和国出境入境管理法", "第三十条", "2012年公布", date(2013, 7, 1)
    ),
    "foreign_stay": ("中华人民共和国出境入境管理法", "第三十九条", "2012年公布", date(2013, 7, 1)),
    "event": ("大型群众性活动安全管理条例", "第十三条、第十四条", "2007年公布", date(2007, 10, 1)),
    "explosive_buy": ("民用爆炸物品安全管理条例", "第二十一条", "2014年修订", date(2014, 7, 29)),
    "explosive_move": ("民用爆炸物品安全管理条例", "第二十六条", "2014年修订", date(2014, 7, 29)),
    "toxic_buy": ("危险化学品安全管理条例", "第三十九条", "2013年修订", date(2013, 12, 7)),
    "toxic_road": ("危险化学品安全管理条例", "第五十条", "2013年修订", date(2013, 12, 7)),
    "precursor": ("易制毒化学品管理条例", "", "2018年修订", date(2018, 9, 18)),
    "licence": ("中华人民共和国行政许可法", "第四十二条", "2019年修正", date(2019, 4, 23)),
    "road": ("中华人民共和国道路交通安全法", "", "2021年修正", date(2021, 4, 29)),
}  # fmt: skip
ID = ("居民身份证", 1, "both")
HOUSEHOLD = ("居民户口簿", 1, "original")
PHOTO = ("近期证件照片", 1, "original")
APPLY = ("申请表", 1, "form")
COMPANY = ("营业执照", 1, "copy")
AGENT = ("经办人身份证件及单位授权书", 1, "both")

# code, Chinese, English, for whom, counted, statutory, promised, basis, handover, papers, more
ITEMS = (
    ("flow_register", "流动人口登记", "Registering workers from elsewhere", "workers", "calendar_days", 3, None, "", "document", [ID, ("居住地住址证明", 1, "copy")], {"many_workers": True, "note": "人数较多时，可按名单表格一次上传。" + POSTED}),
    ("residence_permit", "居住证", "Residence permit", "workers", "calendar_days", 15, None, "residence", "pickup", [ID, PHOTO, ("居住地住址、就业或就读证明", 1, "copy")], {}),
    ("id_card", "居民身份证", "Resident identity card", "workers", "calendar_days", 60, None, "id_card", "pickup", [HOUSEHOLD], {"extension_days": 30, "note": "交通不便的地区可延长三十日。" + POSTED}),
    ("temporary_id", "临时居民身份证", "Temporary identity card", "workers", "at_once", 0, 0, "", "pickup", [HOUSEHOLD, PHOTO], {}),
    ("household_in", "户口迁入", "Moving the household registration here", "workers", "working_days", None, None, "household", "either", [ID, HOUSEHOLD, ("符合迁入条件的证明", 1, "both")], {"note": "条件和时限按本地规定，承诺时限由派出所公布。" + POSTED}),
    ("no_record", "无犯罪记录证明", "Certificate of no criminal record", "workers", "working_days", 3, None, "record", "either", [ID, ("用途说明或单位介绍信", 1, "original")], {}),
    ("passport", "普通护照", "Ordinary passport", "workers", "calendar_days", 15, None, "passport", "pickup", [ID, HOUSEHOLD, PHOTO], {"place": "公安机关出入境管理窗口"}),
    ("foreign_residence", "外国人居留证件", "Residence permit for foreigners", "foreigners", "calendar_days", 15, None, "foreign_residence", "pickup", [("护照或者其他国际旅行证件", 1, "both"), ("申请事由的相关材料", 1, "both"), PHOTO], {"place": "公安机关出入境管理窗口"}),
    ("foreign_stay", "外国人住宿登记", "Registering where a foreigner stays", "foreigners", "hours", 24, None, "foreign_stay", "document", [("护照或者其他国际旅行证件", 1, "copy"), ("住宿地址和留宿人信息", 1, "form")], {"note": "在旅馆以外住宿的，应当在入住后二十四小时内登记。"}),
    ("apec_card", "APEC 商务旅行卡", "APEC business travel card", "enterprise", "working_days", None, None, "", "either", [], {"referred": True, "office_name": "外事办公室", "note": "由外事部门办理，公安机关不受理。地址和电话由派出所填写。"}),
    ("seal", "印章备案", "Recording a company seal", "enterprise", "working_days", 1, None, "", "document", [COMPANY, AGENT], {}),
    ("hotel", "旅馆业特种行业许可", "Licence for a hotel", "enterprise", "working_days", 20, None, "licence", "either", [APPLY, COMPANY, AGENT], {"licence": True}),
    ("big_event", "大型群众性活动安全许可", "Safety licence for a big event", "enterprise", "working_days", 7, None, "event", "document", [APPLY, ("承办者合法成立的证明", 1, "copy"), ("活动方案及安全工作方案", 1, "original"), ("活动场所管理者同意提供场所的证明", 1, "original")], {"licence": True, "ahead_days": 20, "note": "预计参加人数达到 1000 人的活动，在举办日的二十日前提出。" + POSTED}),
    ("lorry_pass", "货车通行证", "Pass for lorries", "goods", "working_days", None, None, "road", "either", [("机动车行驶证", 1, "copy"), ("驾驶证", 1, "copy"), COMPANY], {"note": "时段、路线和时限按本地规定。" + POSTED}),
    ("explosive_buy", "民用爆炸物品购买许可", "Licence to buy civil explosives", "goods", "working_days", 5, None, "explosive_buy", "document", [APPLY, COMPANY, ("购买单位资质证明", 1, "copy"), ("购买用途说明", 1, "original")], {"licence": True}),
    ("explosive_move", "民用爆炸物品运输许可", "Licence to move civil explosives", "goods", "working_days", 3, None, "explosive_move", "document", [APPLY, ("运输车辆和人员资质证明", 1, "copy"), ("购买许可证明", 1, "copy")], {"licence": True}),
    ("toxic_buy", "剧毒化学品购买许可", "Licence to buy highly toxic chemicals", "goods", "working_days", 3, None, "toxic_buy", "document", [APPLY, COMPANY, ("购买用途说明", 1, "original"), AGENT], {"licence": True}),
    ("toxic_road", "剧毒化学品道路运输通行证", "Road pass for highly toxic chemicals", "goods", "working_days", 7, None, "toxic_road", "document", [APPLY, ("运输始发地、目的地和线路说明", 1, "original"), ("运输车辆和人员资质证明", 1, "copy")], {"licence": True}),
    ("precursor_1", "第一类易制毒化学品运输许可", "Licence to move precursors, class 1", "goods", "working_days", 10, None, "precursor", "document", [APPLY, COMPANY, ("购销合同", 1, "copy"), AGENT], {"licence": True}),
    ("precursor_2", "第二类易制毒化学品运输许可", "Licence to move precursors, class 2", "goods", "working_days", 3, None, "precursor", "document", [APPLY, COMPANY, ("购销合同", 1, "copy"), AGENT], {"licence": True}),
    ("precursor_3", "第三类易制毒化学品运输备案", "Recording a transport of precursors, class 3", "goods", "at_once", 0, 0, "precursor", "document", [APPLY, COMPANY, ("购销合同", 1, "copy")], {}),
)  # fmt: skip


def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    basis_model = apps.get_model("law", "LegalBasis")
    bases = {
        key: basis_model.objects.create(
            title=title, article=article, version=version, effective_on=since
        )
        for key, (title, article, version, since) in BASES.items()
    }
    item_model = apps.get_model("green_channel", "Item")
    requirement_model = apps.get_model("green_channel", "Requirement")
    for position, row in enumerate(ITEMS, start=1):
        code, name, name_en, audience, counted, most, said, basis, handover, papers, more = row
        licence = more.get("licence", False)
        values = {
            "note": "" if more.get("referred") else POSTED,
            "place": "派出所服务窗口",
            "extension_days": 10 if licence else 0,
            **more,
        }
        item = item_model.objects.create(
            code=code,
            name=name,
            name_en=name_en,
            audience=audience,
            counted=counted,
            statutory=most,
            promised=said,
            basis=bases.get(basis),
            handover=handover,
            position=position,
            **values,
        )
        requirement_model.objects.bulk_create(
            requirement_model(item=item, name=name, copies=copies, form=form, position=place)
            for place, (name, copies, form) in enumerate(papers)
        )


class Migration(migrations.Migration):
    dependencies = [("green_channel", "0002_append_only")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
