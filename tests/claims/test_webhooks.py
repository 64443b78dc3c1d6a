"""Webhooks, to a real server on this machine: in order, signed, again until taken, and nothing that is not published."""

import json
import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from claims import actions, reviewing, webhooks
from claims.actions import Refused
from claims.models import Change, Webhook
from claims.webhooks.delivering import deliver_changes, wait_after
from claims.webhooks.signing import signature
from kb.lib import outgoing
from tests.factories import claim, draft, notice, person, published, topic, version_again
from tests.receiver import receiver

ROOT = Path(__file__).parents[2]
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _local(settings):
    settings.WEBHOOK_LOCAL = True


@pytest.fixture
def there(db):
    with receiver() as (address, got):
        yield address, got


def hook(address, role="editor", **words):
    return webhooks.register_webhook(by=person(role), address=address, **words)


def deliver(now=NOW):
    return [(attempt.seq, attempt.trouble) for attempt in deliver_changes(lambda: now)]


def told(got):
    return [json.loads(each.body)["seq"] for each in got]


def latest():
    return Change.objects.latest_seq()


def happen(count):
    """So many changes; their numbers."""
    before = latest()
    version = published()
    for number in range(count - 1):
        version = version_again(version, summary_en=f"Words {number}.", summary_nl=f"Woorden {number}.")
    return list(range(before + 1, before + count + 1))


def checker():
    """The function that docs/webhooks.md shows to receivers: written apart from ours."""
    code = re.search(r"```python\n(.*?)```", (ROOT / "docs/webhooks.md").read_text(), re.DOTALL)[1]
    space = {}
    exec(code, space)  # noqa: S102 (our own document)
    return space["is_from_onderbouwd"]


class TestDelivered:
    def test_each_change_from_then_on_in_order(self, there):
        address, got = there
        hook(address)
        numbers = happen(4)
        assert deliver() == [(number, "") for number in numbers]
        assert told(got) == numbers
        assert deliver() == [] and len(got) == 4

    def test_what_the_api_serves_byte_for_byte(self, there, client):
        address, got = there
        hook(address), hook(address, has_documents=True)
        (number,) = happen(1)
        deliver()
        for each, words in zip(got, ({}, {"include": "document"}), strict=True):
            served = client.get("/api/v1/changes/", {"since": number - 1, **words}).content
            assert each.body in served
            assert each.headers["Content-Type"] == "application/json"
        assert "document" in json.loads(got[1].body) and "document" not in json.loads(got[0].body)

    def test_only_the_kinds_asked_for(self, there):
        address, got = there
        made = hook(address, kinds=["under-review"])
        version = published()
        notice(version.evidence.get().publication)
        deliver()
        assert [json.loads(each.body)["kind"] for each in got] == ["under-review"]
        assert Webhook.objects.get(pk=made.pk).delivered_seq == latest()

    def test_only_the_topics_asked_for_and_what_is_below_them(self, there):
        address, got = there
        broad = topic()
        inside = claim(topics=[topic(broader=broad)])
        hook(address, topics=[broad])
        wanted = published(of=inside)
        published()
        deliver()
        assert [json.loads(each.body)["accession"] for each in got] == [wanted.claim.accession]

    def test_drafts_and_what_is_said_about_them_never_leave(self, there):
        address, got = there
        hook(address, has_documents=True)
        version = published()
        actions.start_draft(version.claim, by=person("editor"), summary_en="Secret.")
        new = draft(statement_en="Secret too.")
        reviewing.comment_on(new, by=person("editor"), text="Secret as well.")
        actions.submit_version(new, by=person("editor"))
        deliver()
        assert told(got) == [latest()]
        assert b"Secret" not in got[0].body

    def test_a_webhook_of_somebody_who_left_gets_nothing(self, there):
        address, got = there
        hook(address)
        happen(1)
        get_user_model().objects.filter(pk=person("editor").pk).update(is_active=False)
        assert deliver() == [] and got == []

    def test_the_command_sends_what_is_due(self, there, capsys):
        address, got = there
        made = hook(address)
        (number,) = happen(1)
        call_command("deliver_changes", "--once", "-v2")
        assert told(got) == [number]
        assert capsys.readouterr().out == f"webhook {made.pk}, change {number}: taken\n"

    def test_asks_the_database_as_little_for_every_change(self, there, django_assert_num_queries):
        hook(there[0])
        happen(3)
        with django_assert_num_queries(3 * 8 + 4):
            deliver()


class TestSigned:
    def test_the_receiver_of_our_document_believes_it(self, there):
        address, got = there
        secret = webhooks.secret_of(hook(address).seed)
        happen(1)
        deliver(timezone.now())
        is_from_onderbouwd = checker()
        assert is_from_onderbouwd(secret, got[0].headers, got[0].body)
        assert not is_from_onderbouwd(secret, got[0].headers, got[0].body + b" ")
        assert not is_from_onderbouwd(webhooks.secret_of("another"), got[0].headers, got[0].body)

    def test_and_not_what_somebody_sends_again_later(self, there):
        address, got = there
        secret = webhooks.secret_of(hook(address).seed)
        happen(1)
        deliver(timezone.now() - timedelta(minutes=6))
        assert not checker()(secret, got[0].headers, got[0].body)

    def test_as_the_specification_has_it(self):
        """The example of the reference libraries of Standard Webhooks."""
        assert (
            signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
            == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        )  # fmt: skip

    def test_the_base_holds_no_secret(self, there):
        made = hook(there[0])
        columns = str(Webhook.objects.filter(pk=made.pk).values().get())
        assert webhooks.secret_of(made.seed).removeprefix("whsec_") not in columns

    def test_both_secrets_sign_for_a_day(self, there):
        address, got = there
        first = hook(address)
        second = webhooks.rotate_secret(first, by=person("editor"))
        happen(2)
        deliver(timezone.now())
        webhooks.replay_changes(second, by=person("editor"), since=latest() - 1)
        deliver(timezone.now() + timedelta(hours=25))
        secrets = [webhooks.secret_of(each.seed) for each in (first, second)]
        believed = checker()
        assert secrets[0] != secrets[1]
        assert [believed(secret, got[0].headers, got[0].body) for secret in secrets] == [True, True]
        assert len(got[0].headers["Webhook-Signature"].split()) == 2
        assert len(got[2].headers["Webhook-Signature"].split()) == 1

    def test_a_secret_that_was_replaced_twice_signs_no_more(self, there):
        address, got = there
        first = hook(address)
        for _twice in range(2):
            webhooks.rotate_secret(first, by=person("editor"))
        happen(1)
        deliver(timezone.now())
        assert not checker()(webhooks.secret_of(first.seed), got[0].headers, got[0].body)

    def test_with_another_key_nothing_is_sent_until_there_is_a_new_secret(self, there, settings):
        address, got = there
        made = hook(address)
        settings.SECRET_KEY = "another key"
        (number,) = happen(1)
        assert deliver() == [(number, "secret-lost")] and got == []
        made = webhooks.rotate_secret(made, by=person("editor"))
        assert deliver(timezone.now()) == [(number, "")]
        assert checker()(webhooks.secret_of(made.seed), got[0].headers, got[0].body)


class TestAgain:
    def test_after_a_failure_in_order_and_under_the_same_name(self, db):
        with receiver(answers=[500, 503]) as (address, got):
            hook(address)
            first, second = happen(2)
            assert deliver() == [(first, "status")]
            assert deliver(NOW + timedelta(seconds=59)) == []
            assert deliver(NOW + timedelta(seconds=60)) == [(first, "status")]
            assert deliver(NOW + timedelta(seconds=179)) == []
            assert deliver(NOW + timedelta(seconds=180)) == [(first, ""), (second, "")]
        assert told(got) == [first, first, first, second]
        assert len({each.headers["Webhook-Id"] for each in got}) == 2
        assert len({each.headers["Webhook-Timestamp"] for each in got[:3]}) == 3

    @pytest.mark.parametrize(
        ("asked", "seconds"), [("600", 600), ("5", 60), ("999999999", 12 * 3600), ("later", 60)]
    )
    def test_it_stays_away_as_long_as_it_is_asked_to(self, db, asked, seconds):
        with receiver(status=503, headers={"Retry-After": asked}) as (address, _got):
            made = hook(address)
            happen(1)
            deliver()
        made.refresh_from_db()
        assert made.next_try_at == NOW + timedelta(seconds=seconds)

    def test_a_success_forgets_the_failures(self, db):
        with receiver(answers=[500]) as (address, _got):
            made = hook(address)
            happen(1)
            deliver()
            made.refresh_from_db()
            assert (made.failures, made.failing_since, made.what_is_wrong) == (
                1,
                NOW,
                "It answered with an error 500",
            )
            deliver(NOW + timedelta(minutes=1))
        made.refresh_from_db()
        assert (made.failures, made.failing_since, made.next_try_at, made.what_is_wrong) == (
            0,
            None,
            None,
            "",
        )

    def test_the_wait_doubles_up_to_twelve_hours(self):
        minutes = [wait_after(failures) / timedelta(minutes=1) for failures in range(1, 13)]
        assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 720, 720]
        assert wait_after(10_000) == timedelta(hours=12)

    def test_after_five_days_it_is_paused_with_the_reason_and_goes_on_where_it_stopped(self, db):
        with receiver(500) as (address, got):
            made = hook(address)
            (number,) = happen(1)
            now = NOW
            while not made.paused_at:
                assert deliver(now) == [(number, "status")]
                made.refresh_from_db()
                now = made.next_try_at
            assert timedelta(days=5) <= made.paused_at - NOW < timedelta(days=5, hours=12)
            assert (made.paused_for, made.what_is_wrong) == ("failing", "It answered with an error 500")
            assert deliver(now + timedelta(days=30)) == []
            tried = len(got)
        with receiver() as (address, got):
            webhooks.change_webhook(
                made, by=person("editor"), address=address, kinds=[], topics=[], has_documents=False
            )
            assert deliver(now) == [], "another address alone does not let it go on"
            webhooks.resume_webhook(made, by=person("editor"))
            assert deliver(now) == [(number, "")]
        assert tried == 20

    def test_gone_is_believed_at_once(self, db):
        with receiver(410) as (address, _got):
            made = hook(address)
            happen(1)
            deliver()
        made.refresh_from_db()
        assert (made.paused_at, made.paused_for) == (NOW, "gone")

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_a_redirect_is_a_failure(self, db, status):
        with (
            receiver() as (elsewhere, got),
            receiver(status, {"Location": elsewhere}) as (address, _),
        ):
            hook(address)
            (number,) = happen(1)
            assert deliver() == [(number, "redirected")]
        assert got == []

    def test_a_slow_receiver_is_given_up_on(self, db, monkeypatch):
        monkeypatch.setattr(outgoing, "SECONDS", 0.3)
        wait = threading.Event()
        with receiver(before=lambda: wait.wait(5)) as (address, _got):
            hook(address)
            (number,) = happen(1)
            assert deliver() == [(number, "timed-out")]
            wait.set()

    def test_one_that_fails_does_not_hold_up_another(self, there):
        address, got = there
        with receiver(500) as (bad, _):
            hook(bad)
            hook(address)
            numbers = happen(3)
            assert sorted(deliver()) == sorted(
                [(numbers[0], "status"), *((number, "") for number in numbers)]
            )
        assert told(got) == numbers

    def test_the_command_says_what_failed_and_no_address(self, db, capsys):
        with receiver(500) as (address, _got):
            made = hook(f"{address}/private-part")
            (number,) = happen(1)
            call_command("deliver_changes", "--once")
        said = capsys.readouterr().err
        assert said.startswith(
            f"webhook {made.pk}, change {number}: It answered with an error 500; again at "
        )
        assert address not in said

    def test_a_machine_inside_is_not_called(self, there, settings):
        address, got = there
        made = hook(address)
        settings.WEBHOOK_LOCAL = False
        (number,) = happen(1)
        assert deliver() == [(number, "address")] and got == []
        Webhook.objects.filter(pk=made.pk).update(address="https://localhost/", next_try_at=NOW)
        assert deliver() == [(number, "not-public")]


class TestReplay:
    def test_from_any_number(self, there):
        address, got = there
        made = hook(address)
        numbers = happen(3)
        deliver()
        webhooks.replay_changes(made, by=person("editor"), since=numbers[0])
        deliver()
        assert told(got) == [*numbers, *numbers[1:]]
        assert got[1].headers["Webhook-Id"] == got[3].headers["Webhook-Id"]

    def test_what_cannot_be_taken_is_passed_over(self, db):
        with receiver(answers=[400]) as (address, got):
            made = hook(address)
            first, second = happen(2)
            deliver()
            webhooks.replay_changes(made, by=person("editor"), since=first)
            assert deliver() == [(second, "")]
            assert told(got) == [first, second]

    @pytest.mark.parametrize("beyond", [-1, "latest"])
    def test_there_is_nothing_before_the_first_or_after_the_latest(self, there, beyond):
        made = hook(there[0])
        with pytest.raises(Refused) as refusal:
            webhooks.replay_changes(
                made, by=person("editor"), since=latest() + 1 if beyond == "latest" else beyond
            )
        assert refusal.value.rule == "no-such-change"
