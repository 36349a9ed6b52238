"""What most verbs begin with."""

import pytest

from tests import factories


@pytest.fixture
def claim(db):
    claim = factories.claim()
    factories.anchor(claim)
    return claim
