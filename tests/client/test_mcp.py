"""The Model Context Protocol server as a client drives it: a process, one message a line in and out."""

import json
import os
import re
import subprocess
import sys

import pytest
from onderbouwd.mcp import Server, serve

from tests.site import ROOT, free_port

pytestmark = pytest.mark.xdist_group("site")

CITED = re.compile(r"\[(KB[0-9]{6}\.[0-9]+)\] (http\S+)")


class Talk:
    """A conversation with a server of its own process."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "onderbouwd.mcp", *arguments],
            cwd=ROOT / "client",
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.number = 0

    def send(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def ask(self, method, **params):
        self.number += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}))
        reply = self.hear()
        assert (reply["jsonrpc"], reply["id"]) == ("2.0", self.number)
        return reply

    def start(self, revision="2025-11-25"):
        reply = self.ask(
            "initialize",
            protocolVersion=revision,
            capabilities={},
            clientInfo={"name": "tests", "version": "1"},
        )
        self.send('{"jsonrpc": "2.0", "method": "notifications/initialized"}')
        return reply["result"]

    def call(self, name, **arguments):
        """(text, whether it is an error)"""
        result = self.ask("tools/call", name=name, arguments=arguments)["result"]
        (part,) = result["content"]
        assert part["type"] == "text"
        return part["text"], result.get("isError", False)

    def end(self):
        _out, said = self.process.communicate(timeout=20)
        return self.process.returncode, said.decode()


@pytest.fixture
def talk(site):
    talk = Talk("--base", site)
    yield talk
    if talk.process.poll() is None:
        assert talk.end() == (0, "")


class TestTheProtocol:
    @pytest.mark.parametrize("revision", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
    def test_agrees_on_the_revision_of_the_client(self, talk, revision):
        told = talk.start(revision)
        assert told["protocolVersion"] == revision
        assert told["serverInfo"]["name"] == "onderbouwd" and "tools" in told["capabilities"]
        assert "no medical advice" in told["instructions"]

    @pytest.mark.parametrize("revision", ["1999-01-01", None, 7])
    def test_names_its_own_where_it_does_not_know_it(self, talk, revision):
        assert talk.start(revision)["protocolVersion"] == "2025-11-25"

    def test_tools_are_described_and_only_read(self, talk):
        talk.start()
        tools = {tool["name"]: tool for tool in talk.ask("tools/list")["result"]["tools"]}
        assert set(tools) == {"search_claims", "get_claim", "what_changed"}
        for tool in tools.values():
            assert tool["annotations"]["readOnlyHint"] is True
            assert "No medical advice" in tool["description"]
            assert tool["inputSchema"]["type"] == "object"
            assert set(tool["inputSchema"]["required"]) <= set(tool["inputSchema"]["properties"])

    def test_answers_a_ping_and_says_nothing_to_a_notification(self, talk):
        talk.send('{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}')
        talk.send("")
        talk.send('{"jsonrpc": "2.0", "id": 99, "result": {}}')
        assert talk.ask("ping") == {"jsonrpc": "2.0", "id": 1, "result": {}}

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ("{not json", -32700),
            ("[" * 100_000, -32700),
            ("[]", -32600),
            ('[{"jsonrpc": "2.0", "id": 1, "method": "ping"}]', -32600),
            ('"ping"', -32600),
            ('{"id": 1, "method": "ping"}', -32600),
            ('{"jsonrpc": "2.0", "id": null, "method": "ping"}', -32600),
            ('{"jsonrpc": "2.0", "id": 1}', -32600),
        ],
    )
    def test_refuses_what_is_no_message_and_goes_on(self, talk, line, code):
        talk.send(line)
        refused = talk.hear()
        assert (refused["id"], refused["error"]["code"]) == (None, code)
        assert talk.ask("ping")["result"] == {}

    def test_refuses_methods_and_tools_that_are_not_there(self, talk):
        assert talk.ask("resources/list")["error"]["code"] == -32601
        assert talk.ask("tools/call", name="delete_claim", arguments={})["error"]["code"] == -32602
        assert talk.ask("tools/call")["error"]["code"] == -32602
        talk.send('{"jsonrpc": "2.0", "id": "a", "method": "ping", "params": [1]}')
        assert talk.hear()["error"]["code"] == -32602

    def test_takes_batches_in_the_one_revision_that_has_them(self, talk):
        talk.start("2025-03-26")
        talk.send(
            '[{"jsonrpc": "2.0", "id": "a", "method": "ping"}, {"jsonrpc": "2.0", "method": "x"}, {"jsonrpc": "2.0", "id": 2, "method": "x"}]'
        )
        first, second = talk.hear()
        assert first == {"jsonrpc": "2.0", "id": "a", "result": {}} and second["error"]["code"] == -32601

    def test_ends_when_the_client_hangs_up(self, talk):
        talk.start()
        assert talk.end() == (0, "")

    @pytest.mark.parametrize("arguments", [[], ["--base", "example.org"]])
    def test_says_what_is_missing_when_it_starts(self, arguments, monkeypatch):
        monkeypatch.delenv("ONDERBOUWD_URL", raising=False)
        status, said = Talk(*arguments).end()
        assert status == 2 and ("--base" in said or "is not an address" in said)

    def test_a_fault_of_its_own_is_told_without_its_inside(self, site, monkeypatch, capsys):
        monkeypatch.setattr(Server, "call", lambda server, params: {}["secret"])
        heard = []
        serve(
            Server(site),
            [b'{"jsonrpc": "2.0", "id": 5, "method": "tools/call"}'],
            type(
                "Out",
                (),
                {"write": lambda out, line: heard.append(json.loads(line)), "flush": lambda out: None},
            )(),
        )
        assert (
            heard[0]["error"] == {"code": -32603, "message": "Something went wrong here."}
            and heard[0]["id"] == 5
        )
        assert "secret" in capsys.readouterr().err


class TestTheTools:
    def test_every_answer_cites_and_gives_no_advice(self, talk, site):
        talk.start()
        for text, is_error in (
            talk.call("search_claims", query="magnesium", limit=3),
            talk.call("get_claim", claim="KB000001"),
            talk.call("what_changed", limit=3),
        ):
            cited = CITED.findall(text)
            assert cited and not is_error
            for name, permalink in cited:
                assert permalink == f"{site}/claims/{name}/"
            assert "no medical advice" in text and "CC BY 4.0" in text

    def test_search_gives_no_more_than_asked_and_says_so(self, talk):
        text, _is_error = talk.call("search_claims", topic=["sleep"], limit=2)
        assert len(CITED.findall(text)) == 2 and "There are more" in text
        text, _is_error = talk.call("search_claims", topic=["melatonin"], strength_min="moderate", limit=50)
        assert "KB000019.1" in text and "Moderate (GRADE)" in text and "There are more" not in text

    def test_nothing_found_is_not_told_as_no_effect(self, talk):
        text, is_error = talk.call("search_claims", query="zxqvj")
        assert "nothing about whether it is true" in text and not is_error

    def test_a_claim_is_told_in_either_language(self, talk):
        english, _is_error = talk.call("get_claim", claim="KB000001.1")
        dutch, _is_error = talk.call("get_claim", claim="KB000001.1", language="nl")
        assert "It is very uncertain whether" in english and "Het is zeer onzeker of" in dutch
        assert (
            "Imprecision: -1" in english
            and "Mah & Pitre 2021" in english
            and "What would change it" in english
        )
        assert '"magnesium-supplementation" and kind ["harm", "interaction"]' in english

    def test_the_language_of_the_command_holds_unless_a_call_says(self, site):
        talk = Talk("--base", site, "--language", "nl")
        assert "Het is zeer onzeker of" in talk.call("get_claim", claim="KB000001")[0]
        assert "It is very uncertain" in talk.call("get_claim", claim="KB000001", language="en")[0]
        assert talk.end() == (0, "")

    def test_a_reference_value_is_told_as_one(self, talk):
        text, _is_error = talk.call("get_claim", claim="KB000053")
        assert "250 mg a day" in text and "reference value" in text and "Strength of evidence" not in text

    def test_changes_go_on_from_a_number(self, talk):
        text, _is_error = talk.call("what_changed", since=0, limit=2)
        assert text.startswith("1. ") and "\n\n2. " in text and "ask again with since 2." in text
        text, _is_error = talk.call("what_changed", since=2, limit=1)
        assert text.startswith("3. ")
        text, _is_error = talk.call("what_changed", since=10**6)
        assert text.startswith("No such change after number 1000000.") and "Up to date" in text

    def test_a_withdrawn_claim_says_why(self, talk, closed):
        text, is_error = talk.call("get_claim", claim=closed["withdrawn"])
        assert is_error and text.startswith("410") and "Made for a test." in text
        text, _is_error = talk.call("what_changed", since=0, kind=["withdrawn"])
        assert closed["withdrawn"] in text and "No standing claim has this accession today" in text

    @pytest.mark.parametrize(
        ("tool", "arguments", "words"),
        [
            ("get_claim", {}, "claim is missing"),
            ("get_claim", {"claim": 7}, "claim is a text"),
            ("get_claim", {"claim": "KB999999"}, "404"),
            ("get_claim", {"claim": "KB000001", "as_of": "soon"}, "as_of"),
            ("get_claim", {"claim": "KB000001", "version": 1}, "version is not an argument here"),
            ("search_claims", {"limit": 0}, "limit is a whole number from 1 to 50"),
            ("search_claims", {"limit": True}, "limit is a whole number"),
            ("search_claims", {"kind": "harm"}, "kind is a list of texts"),
            ("search_claims", {"kind": ["harms"]}, "400"),
            ("search_claims", {"language": "de"}, "language is one of: en, nl"),
        ],
    )
    def test_what_cannot_be_done_is_told_to_the_model(self, talk, tool, arguments, words):
        text, is_error = talk.call(tool, **arguments)
        assert is_error and words in text

    def test_a_base_that_is_away_is_told_to_the_model(self, pauses):
        server = Server(f"http://127.0.0.1:{free_port()}")
        reply = server.call({"name": "get_claim", "arguments": {"claim": "KB000001"}})
        assert reply["isError"] and "refused" in reply["content"][0]["text"]
