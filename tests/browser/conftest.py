"""What playwright's `goto` starts from: the running site of tests/site.py."""

import pytest


@pytest.fixture(scope="session")
def base_url(site):
    return site
