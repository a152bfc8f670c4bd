"""/mailbox/: the mails and the clock of a trial. Outside trial mode none of it exists."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from people.access.requests import PortalRequest
from portal import clock, mailbox, sweeps
from portal.dates import day_long, hm

PER_PAGE = 25
EVENING = 18  # o'clock; reminders for tomorrow go then
# What a mail may do in its frame: be looked at, and open its links in a window of their own.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
FRAME_POLICY = (
    f"default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox {SANDBOX}"
)


def only_on_trial(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """404 unless this portal is a trial: the mailbox shows everybody's log-in codes."""

    @wraps(view)
    def guarded(request: PortalRequest, *args, **kwargs) -> HttpResponseBase:
        if not clock.is_trial():
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@only_on_trial
@require_safe
def mail_list(request: PortalRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "")[:100]
    page = Paginator(mailbox.entries(words), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "words": words,
        "query": urlencode({"q": words}) if words else "",
        "now": clock.now(),
        "evening": _this_evening(clock.now()),
        "goes_elsewhere": settings.EMAIL_BACKEND != "portal.mail.MailboxBackend",
    }
    return render(request, "people/mailbox.html", context)


@only_on_trial
@require_safe
def mail_detail(request: PortalRequest, name: str) -> HttpResponse:
    return render(request, "people/mailbox_message.html", {"mail": _mail_or_404(name), "sandbox": SANDBOX})


@only_on_trial
@require_safe
@xframe_options_sameorigin
def mail_html(request: PortalRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame: no script runs, nothing is loaded from elsewhere, links open a new window."""
    mail = _mail_or_404(name)
    if not mail.html:
        raise Http404
    html = mail.html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(html, headers={"Content-Security-Policy": FRAME_POLICY})


@only_on_trial
@require_safe
def mail_attachment(request: PortalRequest, name: str, number: int) -> HttpResponse:
    for attachment in _mail_or_404(name).attachments:
        if attachment.number == number:
            is_calendar = attachment.media_type == "text/calendar"
            return HttpResponse(
                attachment.data,
                content_type="text/calendar; charset=utf-8" if is_calendar else "application/octet-stream",
                headers={"Content-Disposition": content_disposition_header(True, attachment.name) or "attachment"},
            )
    raise Http404


@only_on_trial
@require_POST
def clock_forward(request: PortalRequest) -> HttpResponseBase:
    """Move the trial clock; every sweep runs after each step, so that reminders, lapses and deadlines happen."""
    now = clock.now()
    steps = {"evening": _this_evening(now) - now, "hour": timedelta(hours=1), "day": timedelta(days=1)}
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        messages.error(request, _("Please choose how far the clock shall go."))
        return redirect("people:mailbox")
    before = len(mailbox.entries())
    moment = clock.jump(step, sweeps.run_all)
    came = len(mailbox.entries()) - before
    told = ngettext("%(count)s mail has come.", "%(count)s mails have come.", came) % {"count": came}
    now_it_is = _("It is now %(day)s, %(time)s.") % {"day": day_long(moment), "time": hm(moment)}
    messages.success(request, f"{now_it_is} {told}" if came else now_it_is)
    return redirect("people:mailbox")


def _mail_or_404(name: str) -> mailbox.Mail:
    mail = mailbox.read(name)
    if mail is None:
        raise Http404
    return mail


def _this_evening(moment: datetime) -> datetime:
    """The next 18:00 in Asia/Shanghai."""
    evening = timezone.localtime(moment).replace(hour=EVENING, minute=0, second=0, microsecond=0)
    return evening if evening > moment else evening + timedelta(days=1)
