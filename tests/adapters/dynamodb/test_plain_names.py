"""Names that expressions use as they are must not be reserved words of DynamoDB."""

from importlib.resources import files

from outreach.adapters.dynamodb.items.change import PLAIN


def test_no_plain_name_is_reserved() -> None:
    listed = files("moto.dynamodb.parsing").joinpath("reserved_keywords.txt").read_text().split()
    reserved = {word.lower() for word in listed}

    assert "status" in reserved
    assert not reserved & PLAIN
