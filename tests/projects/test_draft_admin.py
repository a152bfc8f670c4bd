"""Staff pages of designs and feedback: preparing, publishing, typing in, pasting, answering one after the other."""

import csv
import io
import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from people.pages import staff_jobs as today
from projects.models import DesignDraft, Feedback, FeedbackRound
from projects.operations import drafts, feedback
from projects.operations.feedback import Spot
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def clerk(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


@pytest.fixture
def desk(clerk):
    return client_of(clerk)


def url(model: str, page: str, *args) -> str:
    return reverse(f"admin:projects_{model}_{page}", args=args)


def png() -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (120, 30), "#A83C28").save(data, "PNG")
    return SimpleUploadedFile("wall.png", data.getvalue(), "image/png")


def image_rows(**first) -> dict:
    rows = {"images-TOTAL_FORMS": "1", "images-INITIAL_FORMS": "0", "images-0-upload": "", "images-0-alt": ""}
    return rows | {f"images-0-{name}": value for name, value in first.items()}


# --- preparing and publishing ---


def test_a_version_is_prepared_shown_and_published(desk, project):
    words = {"project": project.pk, "kind": "first", "summary": "十幅画", "designer": "壁画工作室"}
    desk.post(url("designdraft", "add"), words | image_rows(upload=png(), alt="十幅画"))
    draft = DesignDraft.objects.get()
    assert (draft.version, draft.published_at, draft.images.get().photo.alt) == (1, None, "十幅画")

    page = desk.get(url("designdraft", "change", draft.pk)).content.decode()
    assert "Publish" in page
    asked = desk.get(url("designdraft", "act", "publish"), {"ids": draft.pk}).content.decode()
    assert "Once it is public nothing of it can be changed; a mistake becomes version 2." in asked
    done = desk.post(url("designdraft", "act", "publish"), {"ids": draft.pk, "closes_on": str(TODAY + DAY)})

    draft.refresh_from_db()
    assert said(done) == ["Version 1 is public now and stays as it is."]
    assert draft.published_at is not None
    assert draft.rounds.get().closes_on == TODAY + DAY


def test_a_second_one_in_preparation_is_refused_beside_the_field(desk, project, make_draft):
    make_draft(published=False)
    words = {"project": project.pk, "kind": "revision", "summary": "再来"}
    page = desk.post(url("designdraft", "add"), words | image_rows()).content.decode()

    assert "Version 1 is still in preparation. Publish it first, or go on with it." in page
    assert DesignDraft.objects.count() == 1


def test_a_picture_needs_its_file_and_its_words(desk, project):
    words = {"project": project.pk, "kind": "first", "summary": "十幅画"}
    page = desk.post(url("designdraft", "add"), words | image_rows(alt="只有字")).content.decode()

    assert "Please choose a picture." in page


def test_what_is_public_is_read_only(desk, draft):
    """P2: no field, no picture, whatever is posted."""
    page = desk.get(url("designdraft", "change", draft.pk)).content.decode()
    assert 'name="summary"' not in page
    assert 'name="_save"' not in page
    assert "A public version stays as it is. What should be different becomes version 2." in page

    image = draft.images.get()
    rows = {"images-TOTAL_FORMS": "1", "images-INITIAL_FORMS": "1", "images-0-id": image.pk, "images-0-DELETE": "on"}
    desk.post(url("designdraft", "change", draft.pk), {"summary": "偷改", "images-0-alt": "x"} | rows)

    draft.refresh_from_db()
    assert draft.summary != "偷改"
    assert draft.images.get() == image


def test_publishing_offers_what_was_adopted(desk, draft, picture, clerk):
    items = [feedback.give(draft, text, at=NOW, by=clerk, channel="paper_box") for text in ("画历史", "加广告")]
    feedback.answer(items[0], disposition="adopted", reply="好", at=NOW)
    feedback.answer(items[1], disposition="not_adopted", reply="不", at=NOW)
    second = drafts.prepare(draft.project, kind="revision", summary="改了")
    drafts.add_image(second, picture(), alt="十幅画")

    page = desk.get(url("designdraft", "act", "publish"), {"ids": second.pk}).content.decode()
    assert "1/1 画历史" in page
    assert "加广告" not in page
    desk.post(url("designdraft", "act", "publish"), {"ids": second.pk, "takes_in": [items[0].pk]})

    assert [item.text for item in second.took_in.all()] == ["画历史"]


def test_final_is_refused_with_a_link_to_what_is_open(desk, make_draft):
    make_draft(round=None)
    approval = make_draft(kind="final", notice_from=TODAY - 9 * DAY, notice_until=TODAY - DAY, round=(TODAY, TODAY))
    feedback.give(approval, "还没答", at=NOW)

    before = desk.get(url("designdraft", "act", "finalise"), {"ids": approval.pk}).content.decode()
    done = desk.post(url("designdraft", "act", "finalise"), {"ids": approval.pk}, follow=True).content.decode()

    sentence = "One piece of feedback has no answer yet. Answer it first; then version 2 can become final."
    link = f'<a href="{url("feedback", "changelist")}?draft__project__id__exact={approval.project_id}&amp;disposition__exact=pending">'
    for page in (before, done):
        assert sentence in page
        assert link in page
    item = Feedback.objects.get()
    feedback.answer(item, disposition="adopted", reply="好", at=NOW)
    desk.post(url("designdraft", "act", "finalise"), {"ids": approval.pk})
    approval.refresh_from_db()
    assert approval.is_final


def test_rounds_are_opened_and_moved(desk, make_draft):
    draft = make_draft(round=None)
    desk.post(
        url("designdraft", "act", "round"), {"ids": draft.pk, "opens_on": str(TODAY), "closes_on": str(TODAY + DAY)}
    )
    desk.post(url("designdraft", "act", "end"), {"ids": draft.pk, "closes_on": str(TODAY + 4 * DAY)})

    assert [(one.opens_on, one.closes_on) for one in FeedbackRound.objects.all()] == [(TODAY, TODAY + 4 * DAY)]


# --- typing in ---


def test_what_came_on_paper_is_typed_in(desk, draft, clerk, make_person):
    neighbour = make_person(name="邱阿婆")
    data = {
        "draft": draft.pk, "channel": "door_visit", "received_on": str(TODAY - DAY), "text": "画书馆", "part": "b2",
        "person": neighbour.pk,
    }  # fmt: skip
    desk.post(url("feedback", "add"), data)

    item = Feedback.objects.get()
    assert (item.text, item.part, item.person, item.received_on, item.entered_by) == (
        "画书馆", "B2", neighbour, TODAY - DAY, clerk,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"channel": "web_form"}, "What comes by the website is written down there. Please choose the way it came."),
        ({"received_on": str(TODAY - 30 * DAY)}, "No round of version 1 was open on Tue 20 Nov."),
        ({"part": "Z9"}, "This version has no such place. Please write a part as it is called on its page."),
        ({"quote": "没这句"}, "These words do not stand in version 1. Please copy them from its text."),
    ],
)
def test_typing_in_is_refused_beside_the_field(desk, draft, more, sentence):
    data = {"draft": draft.pk, "channel": "paper_box", "received_on": str(TODAY), "text": "画书馆"} | more
    page = desk.post(url("feedback", "add"), data).content.decode()

    assert sentence in page
    assert "画书馆" in page
    assert not Feedback.objects.exists()


def test_nobody_types_in_a_childs_name_or_one_of_another_area(desk, draft, make_child, make_person, elsewhere):
    mother = make_person()
    for wrong in (make_child(mother), make_person(place=elsewhere)):
        data = {
            "draft": draft.pk, "channel": "paper_box", "received_on": str(TODAY), "text": "画", "person": wrong.pk,
        }  # fmt: skip
        assert "Select a valid choice" in desk.post(url("feedback", "add"), data).content.decode()
    assert not Feedback.objects.exists()


PASTED = """1. 画我们自己的故事
2、12月18日 颜色淡一点
B2：这里画书馆
邱阿婆：字要大一点
邱阿伯：太花
画我们，自己的故事！
11月1日 早就说过

加广告"""


def paste(desk, draft, **more):
    data = {"channel": "wechat_group", "received_on": str(TODAY), "text": PASTED} | more
    return desk.post(url("designdraft", "paste", draft.pk), data)


def test_a_pasted_list_is_shown_before_it_is_written(desk, draft, make_person, clerk):
    granny = make_person(name="邱阿婆")
    feedback.give(draft, "加 广告。", at=NOW, by=clerk, channel="paper_box")
    page = paste(desk, draft)

    lines = [line for line, _ticked in page.context["lines"]]
    assert [(one.number, one.text, one.day, one.part, one.person) for one in lines] == [
        (1, "画我们自己的故事", TODAY, "", None),
        (2, "颜色淡一点", TODAY - 2 * DAY, "", None),
        (3, "这里画书馆", TODAY, "B2", None),
        (4, "字要大一点", TODAY, "", granny),
        (5, "邱阿伯：太花", TODAY, "", None),
        (6, "画我们，自己的故事！", TODAY, "", None),
        (7, "早就说过", TODAY.replace(month=11, day=1), "", None),
        (9, "加广告", TODAY, "", None),
    ]
    assert [ticked for _line, ticked in page.context["lines"]] == [True] * 5 + [False] * 3
    text = page.content.decode()
    for words in (
        "The same as line 1",
        "The same as no. 1 of this version",
        "“邱阿伯” may be a name",
        "No round of version 1",
    ):
        assert words in text
    assert Feedback.objects.count() == 1

    mark = re.search(r'name="mark" value="(\w+)"', text)[1]
    desk.post(
        url("designdraft", "paste", draft.pk),
        {"channel": "wechat_group", "received_on": str(TODAY), "text": PASTED, "mark": mark, "take": [1, 2, 4, 7]},
    )
    assert list(Feedback.objects.filter(number__gt=1).values_list("text", "channel")) == [
        ("画我们自己的故事", "wechat_group"),
        ("颜色淡一点", "wechat_group"),
        ("字要大一点", "wechat_group"),
    ]


def test_a_list_that_was_changed_is_shown_anew(desk, draft):
    mark = re.search(r'name="mark" value="(\w+)"', paste(desk, draft).content.decode())[1]

    page = paste(desk, draft, text="另一条", mark=mark, take=[1])

    assert [line.text for line, _ticked in page.context["lines"]] == ["另一条"]
    assert not Feedback.objects.exists()


def test_nothing_is_lost_when_nothing_is_ticked(desk, draft):
    mark = re.search(r'name="mark" value="(\w+)"', paste(desk, draft).content.decode())[1]
    page = paste(desk, draft, mark=mark).content.decode()

    assert "No line is ticked. Please tick what is to be written down." in page
    assert "早就说过" in page
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("role", ["volunteer_coordinator", "party_admin", "issue_handler"])
def test_who_only_reads_pastes_nothing(role, draft, neighbourhood):
    assert client_of(staff_user(role, neighbourhood)).get(url("designdraft", "paste", draft.pk)).status_code in {
        302,
        403,
    }


def test_drafts_of_another_area_are_not_there(draft, elsewhere):
    far = client_of(staff_user("committee_admin", elsewhere))

    assert far.get(url("designdraft", "paste", draft.pk)).status_code == 302
    assert far.get(url("feedback", "export", draft.project_id)).status_code == 404
    page = far.post(
        url("feedback", "add"),
        {"draft": draft.pk, "channel": "paper_box", "received_on": str(TODAY), "text": "越界"},
    )
    assert "Select a valid choice" in page.content.decode()


# --- answering ---


@pytest.fixture
def three(draft, clerk):
    return [
        feedback.give(draft, text, at=NOW, by=clerk, channel="paper_box", received_on=TODAY - (3 - n) * DAY)
        for n, text in enumerate(("第一", "第二", "第三"))
    ]


def test_one_is_answered_and_the_next_is_shown(desk, three, clerk):
    assert desk.get(url("feedback", "next")).headers["Location"] == url("feedback", "change", three[0].pk)
    answers = {"disposition": "adopted", "reply": "好", "seen": "0"}
    for item, following in pairwise(three):
        done = desk.post(url("feedback", "change", item.pk), answers)
        assert done.headers["Location"] == url("feedback", "change", following.pk)
    assert said(done)[-1] == "Answered. One more is waiting: here it is."
    desk.post(url("feedback", "change", three[2].pk), answers)

    assert set(Feedback.objects.values_list("disposition", "reply", "replied_by")) == {("adopted", "好", clerk.pk)}
    assert said(desk.get(url("feedback", "next")))[-1] == "Everything is answered now."


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"reply": "好"}, "Please choose: adopted, partly adopted or not adopted."),
        (
            {"disposition": "not_adopted", "reply": " "},
            "Please write a reply and the reason: whoever said this will read it.",
        ),
    ],
)
def test_half_an_answer_is_refused(desk, three, answers, sentence):
    page = desk.post(url("feedback", "change", three[0].pk), answers).content.decode()

    assert sentence in page
    assert "第一" in page
    assert Feedback.objects.pending().count() == 3


def test_a_colleague_who_was_faster_is_told_and_the_reply_stays(desk, three):
    feedback.answer(three[0], disposition="adopted", reply="先到", at=NOW)
    page = desk.post(
        url("feedback", "change", three[0].pk), {"disposition": "not_adopted", "reply": "后到的话", "seen": "0"}
    ).content.decode()

    assert "A colleague has answered this meanwhile: adopted, “先到”. Look at it once more." in page
    assert "后到的话" in page


def test_an_editor_answers_without_learning_who_said_it(draft, make_person, neighbourhood, clerk):
    item = feedback.give(draft, "画书馆", at=NOW, by=clerk, channel="door_visit", person=make_person(name="邱阿婆"))
    editor = client_of(staff_user("editor", neighbourhood))

    for page in (url("feedback", "change", item.pk), url("feedback", "changelist"), url("feedback", "add")):
        assert "邱阿婆" not in editor.get(page).content.decode()
    assert "邱阿婆" in client_of(clerk).get(url("feedback", "change", item.pk)).content.decode()


def test_words_are_kept_back_with_a_reason(desk, three):
    desk.post(url("feedback", "act", "withhold"), {"ids": three[0].pk, "reason": "提到邻居"})
    three[0].refresh_from_db()
    assert three[0].withheld == "提到邻居"
    desk.post(url("feedback", "act", "release"), {"ids": three[0].pk})
    three[0].refresh_from_db()
    assert three[0].is_shown


# --- the same totals everywhere ---


def test_page_list_and_export_count_the_same(desk, client, draft, make_draft, clerk, person):
    image = draft.images.get()
    for text, channel in (("一", "wechat_group"), ("=1+1", "paper_box"), ("三", "paper_box")):
        feedback.give(draft, text, at=NOW, by=clerk, channel=channel, spot=Spot(image, 50, 50))
    feedback.give(draft, "网上来的", at=NOW, person=person)
    feedback.give(make_draft(), "另一稿", at=NOW, by=clerk, channel="wechat_group")
    feedback.answer(Feedback.objects.get(text="一"), disposition="adopted", reply="好", at=NOW)

    client.cookies["django_language"] = "en"
    page = client.get(draft.get_absolute_url()).context["project_tally"]
    section = client.get(draft.project.get_absolute_url()).context["tally"]
    staff = desk.get(url("feedback", "changelist"), {"draft__project__id__exact": draft.project_id}).context["tally"]
    exported = desk.get(url("feedback", "export", draft.project_id)).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(exported)))

    assert page == staff
    assert page.by_channel == {"wechat_group": 2, "paper_box": 2, "web_form": 1}
    assert (section.total, section.by_disposition) == (
        page.total,
        page.by_disposition | {"partly_adopted": 0, "not_adopted": 0},
    )
    assert len(rows) - 1 == page.total == 5
    assert [row[6] for row in rows].count("to be answered") == page.pending == 4
    assert "'=1+1" in [row[5] for row in rows]  # no spreadsheet takes it for a formula
    assert person.name not in exported


@pytest.mark.parametrize("length", [1, 60])
def test_lists_cost_the_same_at_any_length(desk, draft, clerk, length, django_assert_max_num_queries):
    feedback.give_many(draft, [feedback.Item(f"第{n}条", "paper_box") for n in range(length)], at=NOW, by=clerk)
    with django_assert_max_num_queries(15):
        desk.get(url("feedback", "changelist"), {"draft__project__id__exact": draft.project_id})
    with django_assert_max_num_queries(15):
        desk.get(url("designdraft", "changelist"))
    with django_assert_max_num_queries(15):
        desk.get(url("feedback", "change", draft.feedback.first().pk))


# --- today ---


def test_today_tells_what_to_answer_what_closes_and_what_can_become_final(rf, clerk, three, make_draft):
    make_draft(kind="final", notice_from=TODAY - 8 * DAY, notice_until=TODAY - DAY, round=None)
    request = rf.get("/admin/")
    request.user = clerk
    jobs = {str(job.title): job for job in today.jobs_for(request)}

    assert [line.title for line in jobs["Feedback to answer"].lines] == ["第一", "第二", "第三"]
    assert jobs["Feedback to answer"].url == url("feedback", "next")
    assert [line.text for line in jobs["Feedback rounds that close soon"].lines] == ["closes on Fri 21 Dec, midnight"]
    assert [line.text for line in jobs["Public notices that are over"].lines] == [
        "the public notice ended on Wed 19 Dec"
    ]


def test_today_is_silent_to_whoever_may_not(rf, three, neighbourhood, elsewhere):
    titles = {"Feedback to answer", "Feedback rounds that close soon", "Public notices that are over"}
    for user, expected in (
        (staff_user("issue_handler", neighbourhood), {}),
        (staff_user("committee_admin", elsewhere), dict.fromkeys(titles, 0)),
    ):
        request = rf.get("/admin/")
        request.user = user
        assert {str(job.title): job.count for job in today.jobs_for(request) if str(job.title) in titles} == expected
