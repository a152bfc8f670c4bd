"""N4: one msgid, one meaning. Where the English word has two, each has its Chinese."""

import pytest
from django.utils import translation

#: (context, msgid): what it says there, which without the context would be another thing.
TOLD_APART = {
    ("button", "Plant"): "去种",
    ("of what was pasted", "Words"): "原文",
    ("on a rota", "what is to be done"): "做些什么",
    ("of a follow-up", "What"): "事项",
    ("of an amendment", "made at"): "更正时间",
    ("of an amendment", "made by"): "更正人",
    ("of an amendment", "before"): "更正前",
    ("of an amendment", "after"): "更正后",
    ("of a message", "sent by"): "发送人",
    ("of a deliberation", "result"): "结果",
    ("below a picture", "notice"): "说明",
    ("of a record", "State"): "状态",
    ("remark", "Note"): "备注",
    ("take notice", "Note"): "请注意",
    ("of words left behind", "by"): "留言人",
    ("when", "decided at"): "审定时间",
    ("of a donation", "given by"): "捐赠人",
    ("of an invitation", "refused"): "已拒绝",
    ("of a wall", "The picture"): "墙面画",
    ("about people", "Decide"): "去处理",
}


@pytest.mark.parametrize(("context", "msgid"), TOLD_APART)
def test_each_meaning_has_its_word(context, msgid):
    with translation.override("zh-hans"):
        here = translation.pgettext(context, msgid)
        assert here == TOLD_APART[context, msgid]
        assert here != translation.gettext(msgid)
