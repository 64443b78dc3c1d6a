"""Who keeps which webhook, the page of the admin, and what happens when two are at one webhook at once."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse, reverse_lazy

from claims import webhooks
from claims.actions import Refused
from claims.models import Webhook
from tests.claims.test_webhooks import deliver, happen, hook, latest, told
from tests.claims.typed import typed
from tests.factories import person, topic
from tests.receiver import receiver


@pytest.fixture(autouse=True)
def _local(settings):
    settings.WEBHOOK_LOCAL = True


class TestWhose:
    DEEDS = {
        "change": lambda made, by: webhooks.change_webhook(
            made, by=by, address="https://other.example/", kinds=[], topics=[], has_documents=True
        ),
        "rotate": lambda made, by: webhooks.rotate_secret(made, by=by),
        "replay": lambda made, by: webhooks.replay_changes(made, by=by, since=0),
        "resume": lambda made, by: webhooks.resume_webhook(made, by=by),
        "pause": lambda made, by: webhooks.pause_webhook(made, by=by),
    }

    @pytest.mark.parametrize("deed", DEEDS)
    @pytest.mark.parametrize("role", ["reader", "editor", "reviewer", "admin"])
    def test_everybody_keeps_their_own_and_admins_pause_those_of_others(self, db, deed, role):
        made = hook("https://example.org/")
        before = Webhook.objects.filter(pk=made.pk).values().get()
        if role == "editor" or (role, deed) == ("admin", "pause"):
            self.DEEDS[deed](made, person(role))
            return
        with pytest.raises(PermissionDenied):
            self.DEEDS[deed](made, person(role))
        assert Webhook.objects.filter(pk=made.pk).values().get() == before

    @pytest.mark.parametrize(
        "address", ["http://example.org/", "https://10.0.0.1/", "https://me:x@example.org/", "x"]
    )
    def test_an_address_we_would_not_go_to_is_refused_at_once(self, db, settings, address):
        settings.WEBHOOK_LOCAL = False
        with pytest.raises(ValidationError):
            hook(address)

    def test_twenty_are_enough(self, db):
        for number in range(20):
            hook(f"https://example.org/{number}")
        with pytest.raises(Refused) as refusal:
            hook("https://example.org/one-more")
        assert refusal.value.rule == "too-many"


@pytest.fixture
def as_(client, db):
    def signed_in(role):
        client.force_login(person(role))
        return client

    return signed_in


def page_of(made, view="change"):
    return reverse(f"admin:claims_webhook_{view}", args=[made.pk])


def press(client, made, name, **words):
    return client.post(reverse("admin:claims_webhook_deed", args=[made.pk, name]), words)


class TestInTheAdmin:
    ADD, LIST = reverse_lazy("admin:claims_webhook_add"), reverse_lazy("admin:claims_webhook_changelist")

    def made_by(self, client, **words):
        """The webhook, and the page that answers when the form is sent."""
        form = typed(client.get(self.ADD), "webhook_form", **{"address": "https://example.org/in", **words})
        page = client.post(self.ADD, form)
        return Webhook.objects.order_by("pk").last(), page

    def test_an_editor_makes_one_and_sees_its_secret_once(self, as_):
        client, about = as_("editor"), topic()
        made, page = self.made_by(client, kinds=["published", "merged"], topics=[str(about.pk)])
        secret = webhooks.secret_of(made.seed)
        assert (made.owner, made.kinds, list(made.topics.all())) == (
            person("editor"),
            ["published", "merged"],
            [about],
        )
        assert made.delivered_seq == latest()
        assert secret in page.content.decode() and "no-store" in page["Cache-Control"]
        for again in (page_of(made), self.LIST, page_of(made, "history")):
            assert secret not in client.get(again).content.decode()

    def test_an_address_we_would_not_go_to_is_refused_in_words(self, as_, settings):
        settings.WEBHOOK_LOCAL = False
        _made, page = self.made_by(as_("editor"), address="https://192.168.1.1/")
        assert "Give an https address of a machine on the open internet" in page.content.decode()
        assert "https://192.168.1.1/" in page.content.decode(), "what was typed is still there"
        assert not Webhook.objects.exists()

    def test_saving_it_leaves_what_was_delivered_meanwhile(self, as_):
        client = as_("editor")
        made, _page = self.made_by(client)
        form = typed(client.get(page_of(made)), "webhook_form", has_documents="on")
        Webhook.objects.filter(pk=made.pk).update(delivered_seq=5)
        assert client.post(page_of(made), form).status_code == 302
        made.refresh_from_db()
        assert (made.has_documents, made.delivered_seq) == (True, 5)

    def test_a_new_secret_is_shown_with_what_becomes_of_the_old_one(self, as_):
        client = as_("editor")
        made, _page = self.made_by(client)
        page = press(client, made, "rotate-secret").content.decode()
        old, made = made, Webhook.objects.get(pk=made.pk)
        assert webhooks.secret_of(made.seed) in page and webhooks.secret_of(old.seed) not in page
        assert "signs too for 24 hours" in page

    def test_buttons_pause_go_on_and_send_again(self, as_):
        client = as_("editor")
        made, _page = self.made_by(client)
        press(client, made, "pause")
        assert "Paused: Somebody paused it." in client.get(page_of(made)).content.decode()
        press(client, made, "resume")
        press(client, made, "replay", since=0)
        made.refresh_from_db()
        assert (made.paused_at, made.delivered_seq) == (None, 0)

    def test_what_is_wrong_stands_on_its_page_in_both_languages(self, as_):
        client = as_("editor")
        with receiver(503) as (address, _got):
            made = hook(address)
            happen(1)
            deliver()
        assert "It answered with an error 503" in client.get(page_of(made)).content.decode()
        page = client.get(page_of(made), headers={"accept-language": "nl"}).content.decode()
        assert "Het antwoord was een fout 503" in page

    def test_an_owner_deletes_it(self, as_):
        client = as_("editor")
        made, _page = self.made_by(client)
        client.post(page_of(made, "delete"), {"post": "yes"})
        assert not Webhook.objects.exists()

    def test_editors_do_not_see_those_of_others(self, as_):
        made = hook("https://example.org/private", "reviewer")
        client = as_("editor")
        assert "example.org/private" not in client.get(self.LIST).content.decode()
        assert client.get(page_of(made)).status_code == 302
        assert press(client, made, "rotate-secret").status_code == 404

    def test_an_admin_sees_and_pauses_it_and_learns_no_secret(self, as_):
        made = hook("https://example.org/private")
        client = as_("admin")
        page = client.get(page_of(made))
        assert [entry["deed"].name for entry in page.context["deeds"]] == ["pause"]
        for name in ("rotate-secret", "resume", "replay"):
            answer = press(client, made, name, since=0)
            assert answer.status_code == 302 and answer["Location"] == page_of(made)
        assert client.post(page_of(made, "delete"), {"post": "yes"}).status_code == 403
        assert client.post(page_of(made), {"address": "https://mine.example/"}).status_code == 403
        before, now = made, Webhook.objects.get(pk=made.pk)
        assert (now.seed, now.address, now.delivered_seq) == (
            before.seed,
            before.address,
            before.delivered_seq,
        )
        press(client, made, "pause")
        assert Webhook.objects.get(pk=made.pk).paused_for == "asked"


def elsewhere(work):
    """Starts this work on a connection of its own, where it is committed; (the thread, where its outcome will be)."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        except (Refused, ZeroDivisionError) as refusal:
            outcome.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def done(started):
    thread, outcome = started
    thread.join(10)
    return outcome[0]


@pytest.fixture
def kept(db):
    """A webhook with two changes to come, which other connections see too; what was got; what lets the receiver answer."""
    go_on, arrived = threading.Event(), threading.Event()

    def before():
        arrived.set()
        go_on.wait(20)

    def make():
        owner = get_user_model().objects.create_user("committed")
        owner.groups.add(Group.objects.get(name="editor"))
        made = webhooks.register_webhook(by=owner, address=address)
        return webhooks.replay_changes(made, by=owner, since=latest() - 2)

    with receiver(before=before) as (address, got):
        made = done(elsewhere(make))
        yield made, got, arrived, go_on
        go_on.set()
        done(elsewhere(made.owner.delete))


class TestAtOnce:
    def test_what_one_is_sending_no_other_sends(self, kept):
        _made, got, arrived, go_on = kept
        first = elsewhere(deliver)
        assert arrived.wait(10)
        assert done(elsewhere(deliver)) == [], "it came back at once, with nothing to do"
        go_on.set()
        assert done(first) == [(latest() - 1, ""), (latest(), "")]
        assert told(got) == [latest() - 1, latest()]

    def test_who_changes_it_meanwhile_is_told_to_wait(self, kept):
        made, _got, arrived, go_on = kept

        def pause():
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            webhooks.pause_webhook(made, by=made.owner)

        first = elsewhere(deliver)
        assert arrived.wait(10)
        assert done(elsewhere(pause)).rule == "delivery-under-way"
        go_on.set()
        assert len(done(first)) == 2

    def test_a_process_that_dies_leaves_it_to_be_sent_again(self, kept, monkeypatch):
        made, got, _arrived, go_on = kept
        go_on.set()
        monkeypatch.setattr("claims.webhooks.delivering.taken", lambda *arguments: 1 / 0)
        assert isinstance(done(elsewhere(deliver)), ZeroDivisionError)
        monkeypatch.undo()
        assert Webhook.objects.get(pk=made.pk).delivered_seq == latest() - 2
        done(elsewhere(deliver))
        assert told(got) == [latest() - 1, latest() - 1, latest()]
