"""A write sent again under the same Idempotency-Key is answered again, and not done again."""

import datetime
import re

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions

from claims.actions import EDIT
from claims.models import SentRequest
from kb.lib.jsonlines import canonical, sha256

KEY = re.compile(r"[!-~]{1,200}", re.ASCII)
KEPT = datetime.timedelta(days=1)
HEADERS = ("Content-Type", "ETag", "Location")


class OtherRequest(exceptions.APIException):
    status_code = 422
    default_detail = gettext_lazy(
        "This Idempotency-Key came with another request before. Give each request a key of its own."
    )


def answered_once(request, deed):
    """What the deed answers, or answered when this person first sent it with this key. Within a transaction.

    Two at once wait for each other at the row; a deed that is refused takes its row with it. Without a key, and for
    somebody who may no longer write, the deed itself decides.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST" or not request.user.has_perm(EDIT):
        return deed()
    if not KEY.fullmatch(key):
        raise exceptions.ParseError(_("An Idempotency-Key is 1 to 200 visible ASCII characters."))
    mine = SentRequest.objects.filter(person=request.user)
    mine.filter(sent_at__lt=timezone.now() - KEPT).delete()
    digest = sha256(f"{request.path}\n{canonical(request.data)}")
    sent, is_new = mine.get_or_create(key=key, defaults={"person": request.user, "sha256": digest})
    if is_new:
        return remembered(sent, deed())
    if sent.sha256 != digest:
        raise OtherRequest
    return HttpResponse(sent.answer, status=sent.status, headers=sent.headers)


def remembered(sent, response):
    sent.status, sent.answer = response.status_code, response.content.decode()
    sent.headers = {name: response[name] for name in HEADERS if name in response}
    sent.save()
    return response
