"""What every write of the API goes through: who is asking, what they saw, one transaction, one answer to one request."""

import json
import re
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, viewsets
from rest_framework.permissions import IsAuthenticated

from claims.actions import EDIT, Refused, Stale
from claims.api import answer
from claims.editing.once import answered_once
from claims.editing.shapes import DraftSerializer
from claims.models import ClaimVersion
from kb.lib.bodies import LengthRequired, StrictJSONParser
from kb.lib.jsonlines import canonical
from kb.lib.problems import parameter_problem, problem
from kb.lib.reading import Counted, unknown_parameters
from kb.lib.refusals import is_about_the_values, rule_of, sentence_of, sentences

REVISION = re.compile(r'(?:W/)?"([0-9]{1,18})"', re.ASCII)
FORBIDDEN = {"self-review", "interests-undeclared", "rating-first"}
MALFORMED = {"text-missing", "reason-missing", "other-version", "same-claim"}


class RevisionRequired(exceptions.APIException):
    status_code = 428
    default_detail = gettext_lazy('Say which revision you saw, as its ETag gave it: If-Match: "7".')


class UnknownParameters(Exception):
    """`problems` is {parameter: sentence}."""

    def __init__(self, problems):
        super().__init__(problems)
        self.problems = problems


class EditingViewSet(Counted, viewsets.ViewSet):
    """For people with an account. What they get is theirs, and no cache keeps it."""

    parser_classes = (StrictJSONParser,)
    known_parameters = {}  # {action: names}

    def get_permissions(self):
        return [IsAuthenticated(), *super().get_permissions()]

    def get_authenticate_header(self, request):
        return super().get_authenticate_header(request) or "Token"

    def check_throttles(self, request):
        super().check_throttles(request)
        if request.method != "OPTIONS":
            self.count(request)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
            raise LengthRequired
        if problems := unknown_parameters(request, self.known_parameters.get(self.action, ())):
            raise UnknownParameters(problems)

    def handle_exception(self, error):
        for kind, tell in TOLD.items():
            if isinstance(error, kind):
                return tell(error)
        return super().handle_exception(error)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response


def tell_stale(error):
    version = ClaimVersion.objects.get(pk=error.version.pk)
    current = json.loads(canonical(DraftSerializer(version).data))
    return problem(412, str(error), rule=error.rule, current=current, headers={"ETag": etag_of(version)})


def tell_refused(error):
    status = 403 if error.rule in FORBIDDEN else 400 if error.rule in MALFORMED else 409
    return problem(status, str(error), rule=error.rule)


def tell_forbidden(error):
    return problem(
        403, str(error) or _("Your account may not do this."), rule=getattr(error, "rule", "missing-role")
    )


def tell_malformed(error):
    errors = [
        {"pointer": f"/{name}", "detail": sentence}
        for name, said in error.message_dict.items()
        for sentence in said
    ]
    told = (each.code for refused in error.error_dict.values() for each in refused)
    rule = next((code.replace("_", "-") for code in told if code in sentences()), None)
    return problem(400, _("Some fields are not right."), errors=errors, **({"rule": rule} if rule else {}))


def tell_refused_by_the_base(error):
    return problem(400 if is_about_the_values(error) else 409, sentence_of(error), rule=rule_of(error))


def tell_parameters(error):
    return parameter_problem(error.problems)


TOLD = {
    Stale: tell_stale,
    Refused: tell_refused,
    PermissionDenied: tell_forbidden,
    ModelError: tell_malformed,
    IntegrityError: tell_refused_by_the_base,
    UnknownParameters: tell_parameters,
}


def written(deed):
    """The deed and its answer in one transaction, so that the ETag is of what the answer shows; once for each key."""

    @wraps(deed)
    def within(self, request, **names):
        with transaction.atomic():
            return answered_once(request, lambda: deed(self, request, **names))

    return within


def found_draft(request, draft):
    """A version by its number, for whoever may write drafts; to others it is not there. Raises Http404."""
    if not request.user.has_perm(EDIT):
        raise Http404
    version = ClaimVersion.objects.select_related("claim", "base", "author").filter(pk=draft).first()
    if version is None:
        raise Http404
    second = getattr(version, "second_rating", None)
    if second and second.rater_id == request.user.pk and second.given_at is None:
        raise Refused(
            "rating-first", _("You were asked to rate this without seeing how others did: rate it first.")
        )
    return version


def revision_seen(request):
    """The revision that If-Match names. Raises RevisionRequired, or ParseError where it names none."""
    given = request.headers.get("If-Match")
    if given is None:
        raise RevisionRequired
    match = REVISION.fullmatch(given.strip())
    if match is None:
        raise exceptions.ParseError(_('If-Match names one revision, as its ETag gave it: If-Match: "7".'))
    return int(match[1])


def taken(request, shape, **options):
    """What the body says, in this shape. Raises ValidationError."""
    serializer = shape(data=request.data, **options)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def etag_of(version):
    return f'"{version.revision}"'


def shown(record, status=200, *, version=None, location=None):
    """A record as JSON, with the revision of its draft as its ETag."""
    response = answer(canonical(record))
    response.status_code = status
    if version:
        response["ETag"] = etag_of(version)
    if location:
        response["Location"] = location
    return response
