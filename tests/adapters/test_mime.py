"""Parts of an e-mail that must be plain ASCII become so, or are refused without being repeated."""

import re
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest

from outreach.adapters.ses.mime import ascii_address, header_value, sender_address, sender_name, tag_value


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("ana@example.com", "ana@example.com"),
        ("Ana.B+tag@Example.COM", "Ana.B+tag@example.com"),
        ("ana@café.example", "ana@xn--caf-dma.example"),
        ("ana@CAFÉ.example", "ana@xn--caf-dma.example"),
        ("ana@cafe\N{COMBINING ACUTE ACCENT}.example", "ana@xn--caf-dma.example"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@例え。テスト", "ana@xn--r8jz45g.xn--zckzah"),
        ('"odd@name"@example.com', '"odd@name"@example.com'),
    ],
)
def test_domains_are_written_in_punycode(address: str, plain: str) -> None:
    assert ascii_address(address) == plain


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@example.com",
        "ana@",
        "añá@example.com",
        "ana@example..com",
        f"ana@{'x' * 64}.example",
        f"ana@{'ñ' * 64}.example",
    ],
)
def test_what_cannot_be_mailed_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(ValueError, match="not an address that SES can mail") as refusal:
        ascii_address(address)
    assert not address or address not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Juniper & Oak", "Juniper & Oak"),
        ("Smith, Sons & Co", '"Smith, Sons & Co"'),
        ("shop @ home", '"shop @ home"'),
        ('The "Best" Shop', '"The \\"Best\\" Shop"'),
        ("Fish <and> Chips", '"Fish <and> Chips"'),
        ("A (small) shop; really", '"A (small) shop; really"'),
        ("Café Núñez", "=?utf-8?b?Q2Fmw6kgTsO6w7Fleg==?="),
    ],
)
def test_the_name_of_a_shop_may_hold_any_character(name: str, written: str) -> None:
    sender = f"{name} <hello@shop.example>"

    assert sender_address(sender) == f"{written} <hello@shop.example>"
    assert sender_name(sender) == name
    assert parseaddr(sender_address(sender))[1] == "hello@shop.example"


@pytest.mark.parametrize(
    ("sender", "written"),
    [
        ("hello@shop.example", "hello@shop.example"),
        (" <hello@café.example> ", "hello@xn--caf-dma.example"),
        ('"Smith, Sons" <hello@shop.example>', '"Smith, Sons" <hello@shop.example>'),
    ],
)
def test_a_sender_needs_no_name_and_may_be_written_as_in_a_header(sender: str, written: str) -> None:
    assert sender_address(sender) == written


@pytest.mark.parametrize(
    "sender", ["The Shop", "Shop hello@shop.example", "Shop <>", "Shop\r\nBcc: x <hello@shop.example>", ""]
)
def test_a_sender_without_an_address_or_with_line_breaks_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="the sender must be"):
        sender_address(sender)


@pytest.mark.parametrize(
    "name", ["Кухонная лавка «Можжевельник и дуб»", "\N{POT OF FOOD}" * 40, "É" * 75, "é " * 30 + "end"]
)
def test_a_long_name_becomes_several_encoded_words_that_are_read_as_one(name: str) -> None:
    written = sender_address(f"{name} <hello@shop.example>")

    words = written.removesuffix(" <hello@shop.example>").split(" ")
    assert len(words) > 1
    assert all(re.fullmatch(r"=\?utf-8\?[bq]\?[!->@-~]+\?=", word) and len(word) <= 75 for word in words)
    read, address = parseaddr(str(make_header(decode_header(written))))
    assert (read, address) == (name, "hello@shop.example")


@pytest.mark.parametrize("name", ["x" * 300, "Лавка" * 23])
def test_a_sender_is_refused_that_is_longer_than_ses_takes(name: str) -> None:
    assert len(sender_address(f"{name[:80]} <hello@shop.example>")) <= 320
    with pytest.raises(ValueError, match="320 is the most that SES takes"):
        sender_address(f"{name} <hello@shop.example>")


def test_a_header_value_is_printable_and_not_too_long() -> None:
    assert header_value("order o-1 (100%)") == "order%20o-1%20(100%25)"
    assert len(header_value("ñ" * 2000)) == 995


def test_a_tag_value_is_a_word_and_not_too_long() -> None:
    assert tag_value("win-back_2 / Küche") == "win-back_2___K_che"
    assert len(tag_value("x" * 300)) == 256
