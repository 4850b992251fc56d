"""What use-case tests start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.transaction import Transaction
from tests.usecases.build import a_community, a_database


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Transaction]:
    """A transaction on a real database in which a community is set up."""
    with a_database(tmp_path) as transaction:
        a_community(transaction)
        yield transaction
