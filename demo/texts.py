"""Texts that the demo's data files leave out: the words of consents in both languages, and what activities are about."""

# ruff: noqa: E501 - paragraphs of prose, shown as they stand

from typing import NamedTuple


class Words(NamedTuple):
    audience: str
    zh: str
    en: str


CONSENT_TEXTS = {
    "居民告知书 1.0": Words(
        "resident",
        """居民个人信息告知书（1.0 版）

一、谁在使用：宝昌路600弄居民委员会，联系电话见页脚。
二、用在哪里：只用于本居民区的活动报名、到场登记、志愿服务记录和与您联系。
三、用哪些信息：姓名、出生年份、联系方式、所在楼栋，以及您自己填写的内容。我们不收集身份证号码。
四、您可以分别选择是否同意：
　1. 登记和使用上述个人信息（不同意则无法为您登记报名）；
　2. 参加志愿服务；
　3. 记录您的服务时间；
　4. 公开能认出您的照片；
　5. 公开显示您的昵称。
　第2至第5项不同意，不影响您参加其他活动。
五、保存多久：您离开本居民区或撤回同意后，我们删除或匿名处理；依法必须留存的签字记录除外。
六、提供给谁：除法律规定外，不提供给居民区以外的任何人。
七、您的权利：可以随时查看、复制、更正、删除您的信息，可以随时撤回任何一项同意，撤回与同意一样方便，撤回前已做的事情不受影响。
八、对处理有意见，可以到居委会一楼窗口或按页脚的投诉方式提出，我们会说明理由。""",
        """Notice to residents on personal data (version 1.0)

1. Who uses it: the residents' committee of 600 Baochang Road; see the foot of the page for how to reach us.
2. What for: signing up for activities of this neighbourhood, recording who came, recording volunteer service, and getting in touch with you. Nothing else.
3. Which data: name, year of birth, how to reach you, your building, and what you write yourself. We do not collect identity card numbers.
4. You agree to each of these separately:
   (1) keeping and using the data named above (without it we cannot sign you up);
   (2) taking part in volunteering;
   (3) recording your service time;
   (4) publishing photos in which you can be recognised;
   (5) showing your nickname in public.
   Saying no to (2) to (5) does not keep you from other activities.
5. How long: we delete or anonymise your data once you leave the neighbourhood or withdraw, except for signed records that the law obliges us to keep.
6. Who receives it: nobody outside the neighbourhood, unless the law requires it.
7. Your rights: to see, copy, correct and delete your data at any time, and to withdraw any agreement as easily as you gave it; what was done before stays lawful.
8. Complaints: at the counter on the ground floor, or as named at the foot of the page. A refusal always states its reason.""",
    ),
    "监护人告知书 1.0": Words(
        "guardian",
        """监护人告知书（1.0 版）

您是未成年人的监护人。请您先读完，再逐项决定。

一、谁在使用：宝昌路600弄居民委员会，联系电话见页脚。
二、用在哪里：只用于孩子在本居民区的活动报名、到场登记、志愿服务记录，以及与您联系。
三、用哪些信息：孩子的姓名、昵称、出生日期和您与孩子的关系。出生日期只用来计算活动当天的年龄，任何时候都不公开。不收集身份证号码、学校和班级。
四、您可以分别选择是否同意：
　1. 登记和使用孩子的上述信息（不满14周岁由监护人同意；满14周岁由本人同意）；
　2. 孩子参加志愿服务；
　3. 记录孩子的服务时间；
　4. 公开能认出孩子的照片；
　5. 公开显示孩子的昵称（不同意时只显示“小志愿者”）。
五、每一场活动另行征求您的同意：我们会写明时间、地点、内容、风险和保障措施。须监护人同场的活动，请您或您委托的成年人全程陪同。
六、孩子不参加应急、登高、扬尘、夜间和道路上的劳动。
七、保存多久、提供给谁：孩子退出或您撤回后删除或匿名处理；除法律规定外不提供给居民区以外的任何人。
八、您的权利：可以随时查看、复制、更正、删除，可以随时撤回任何一项同意，撤回与同意一样方便；撤回照片同意后，照片立即下架。
九、对处理有意见，可以到居委会一楼窗口或按页脚的投诉方式提出，我们会说明理由。""",
        """Notice to guardians (version 1.0)

You are the guardian of a minor. Please read this first, then decide point by point.

1. Who uses the data: the residents' committee of 600 Baochang Road; see the foot of the page for how to reach us.
2. What for: your child's sign-ups, attendance and volunteer service in this neighbourhood, and getting in touch with you. Nothing else.
3. Which data: the child's name, nickname and date of birth, and how you are related. The date of birth only serves to work out the age on the day of an activity and is never made public. We collect no identity card number, school or class.
4. You agree to each of these separately:
   (1) keeping and using these data (under 14 the guardian agrees; from 14 the child does);
   (2) the child taking part in volunteering;
   (3) recording the child's service time;
   (4) publishing photos in which the child can be recognised;
   (5) showing the child's nickname in public (otherwise only “young volunteer” is shown).
5. We ask you again for each activity, stating time, place, content, risks and safeguards. Where a guardian must be present, you or an adult you name stays throughout.
6. Children take no part in emergency work, work at height, with dust, at night or in traffic.
7. How long and who receives it: we delete or anonymise the data when the child leaves or you withdraw; nobody outside the neighbourhood receives it unless the law requires it.
8. Your rights: to see, copy, correct and delete at any time, and to withdraw any agreement as easily as you gave it; pictures disappear at once when you withdraw the agreement to photos.
9. Complaints: at the counter on the ground floor, or as named at the foot of the page. A refusal always states its reason.""",
    ),
}

# V1: a call states its content. The files do so only from va19 on; these stand in for the posters of the year.
ACTIVITY_TEXTS = {
    "va01": "在彩虹小路上画前四个井盖。小志愿者画，家长撑伞、调色、看路。颜料和围裙由居委会准备。",
    "va02": "接着画中段四个井盖，请穿不怕脏的衣服。",
    "va03": "画完最后四个井盖，补色、上防滑罩面，一起收拾现场。",
    "va04": "给来看彩虹小路的邻居讲一讲：每个井盖画的是什么，想提醒大家什么。",
    "va05": "两人一组拜访老邻居，听他们讲弄堂里的旧事，记下来，给故事墙做底稿。",
    "va06": "按楼组走一遍楼道、车棚和围墙，查飞线充电、堆物和松动的外挂物，当场记录。",
    "va07": "师傅带着铲掉墙上的空鼓和浮灰，补好缺口。有扬尘，只限成年人。",
    "va08": "配合师傅抹面、粉刷找平，搬运材料、看护通道。",
    "va09": "给整面墙上一遍底色。孩子只刷1.2米以下，高处由大人来。",
    "va10": "主题彩绘第一场：前四幅。画过井盖的孩子先报名。",
    "va11": "主题彩绘第二场：中间三幅。",
    "va12": "主题彩绘收尾：最后三幅，补色、清场。",
    "va13": "故事墙开放日，站在画前给邻居讲讲这一幅的来历。",
    "va14": "在故事墙下的八个花坛种冬季花草，园艺师现场教。",
    "va16": "按楼组清理楼道堆物，两人一组，大件由物业的车统一运走。",
    "va17": "请会写字的邻居写春联、福字，孩子们裁纸、晾干，再分送到各楼组。笔墨红纸由居委会准备。",
    "va18": "寒潮过后到花坛看一看：补种冻坏的角堇，剪去残花败叶。工具和热水都有。",
}

# The byline piece is named in the files with its title and author only.
MEDIA_TEXTS = {
    "md01": """主干道东侧的围墙，今年换了样子。

八月，方案在听证会上定稿；九月，空鼓铲掉了，墙面抹平晾干；国庆假期里，大人孩子一起上底色、画主题画。86米的墙，画了十幅：有书馆和石库门的灯光，有北站的汽笛，有弄堂里的夏夜，也有给水站的扁担。讲故事的是住了一辈子的老邻居，拿笔的多是画过井盖的孩子和他们的爸爸妈妈。

史实一条条查过来源，查不到的就写“据居民回忆”。墙右边留了三米空白，往后每年让孩子重新画一次。

10月20日开放那天，有老人站在西瓜前面看了很久，说跟小时候一模一样。"""
}

# Where the drawn plan shows the buildings, which neighbourhood.yaml does not tell: x and y in per cent.
BUILDINGS_ON_THE_PLAN = {
    "b600_1": (59, 88), "b600_2": (59, 64), "b600_3": (59, 48), "b600_4": (59, 28),
    "b600_5": (32, 78), "b600_6": (32, 63), "b600_7": (32, 38), "b600_8": (32, 22),
    "bchy_1": (10, 17), "bchy_2": (19, 17), "btcf_1": (83, 23), "btcf_2": (83, 11),
    "byly_1": (8, 80), "byly_2": (16, 80),
}  # fmt: skip

# By the end of the project's design every owner had been asked (projects.yaml); the single days are not told.
COVER_OWNERS_SAID_YES = "2018-04-06"
# The inspection of 16 December tells of a repainting in November, without its day.
COVER_REPAINTS = [("mh06", "2018-11-30", "11月补绘，具体日期未记")]


def activity_text(key: str, own: str | None) -> str:
    return own or ACTIVITY_TEXTS.get(key, "")


# D3: what was not adopted and why, where an option was not carried; the files tell it in the decision only.
NOT_ADOPTED = {
    "h01": "“四个小区同时做”赞成 4 票，未过半数，不采纳：先在一条路上试，看得见效果和花费，评议满意再推广。",
}

# D4: when an agreement is looked at again, where the files tell it as a follow-up (h03: “三个月后复议”).
REVIEWED_AGAIN = {"h03": "2019-01-10"}
