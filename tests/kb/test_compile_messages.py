import gettext

import pytest
from django.core.management import CommandError, call_command

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
ONE = 'msgid "claim"\nmsgstr "bewering"\n'
MANY = 'msgid "%d study"\nmsgid_plural "%d studies"\nmsgstr[0] "%d onderzoek"\nmsgstr[1] "%d onderzoeken"\n'


@pytest.fixture
def source(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    return folder / "django.po"


def test_what_is_compiled_can_be_read(source, capsys):
    source.write_text(f"{HEADER}\n{ONE}\n{MANY}")
    call_command("compile_messages")
    with source.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("claim") == "bewering"
    assert compiled.ngettext("%d study", "%d studies", 3) == "%d onderzoeken"
    assert "nl: 2 messages, 0 not translated" in capsys.readouterr().out


def test_a_message_that_stands_twice_is_refused(source):
    source.write_text(f"{HEADER}\n{ONE}\n{ONE}")
    with pytest.raises(CommandError, match="claim"):
        call_command("compile_messages")
