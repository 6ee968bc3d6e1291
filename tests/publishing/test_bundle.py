"""A bundle is its content: the same files give the same version, and nothing else passes for it."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from outreach.adapters.bundles.bundle import LARGEST, BrokenBundleError, Bundle, pack, unpack

FILES = {
    "brand.yaml": b"name: Shop\n",
    "news/campaign.yaml": b"name: news\n",
    "news/hello.mjml": b"\xf0\x9f\x8c\xbb",
}
NEWS = Bundle("news", FILES)
names = some.text(some.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20)


@settings(max_examples=50)
@given(some.dictionaries(names, some.binary(max_size=300), max_size=6))
def test_what_is_packed_comes_out_again(files: dict[str, bytes]) -> None:
    bundle = Bundle("news", files)

    assert unpack("news", bundle.version, pack(bundle)).files == files


def test_the_order_of_files_does_not_matter_and_the_bytes_are_always_the_same() -> None:
    other = Bundle("news", dict(reversed(FILES.items())))

    assert other.version == NEWS.version
    assert pack(other) == pack(NEWS)


@pytest.mark.parametrize(
    "files",
    [
        {**FILES, "news/hello.mjml": b"other"},
        {**FILES, "news/more.mjml": b""},
        {"brand.yaml": FILES["brand.yaml"]},
        {**{name: text for name, text in FILES.items() if name != "brand.yaml"}, "brand.yam": b"l"},
    ],
)
def test_any_other_files_are_another_version(files: dict[str, bytes]) -> None:
    assert Bundle("news", files).version != NEWS.version
    with pytest.raises(BrokenBundleError, match="does not hold what its name says"):
        unpack("news", NEWS.version, pack(Bundle("news", files)))


@given(some.integers(min_value=0, max_value=len(pack(NEWS)) - 1))
def test_no_part_of_a_bundle_passes_for_the_whole(length: int) -> None:
    with pytest.raises(BrokenBundleError):
        unpack("news", NEWS.version, pack(NEWS)[:length])


@settings(max_examples=200)
@given(some.integers(min_value=0, max_value=len(pack(NEWS)) - 1), some.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_noticed_or_means_the_same(place: int, change: int) -> None:
    packed = bytearray(pack(NEWS))
    packed[place] ^= change
    try:
        read = unpack("news", NEWS.version, bytes(packed))
    except BrokenBundleError:
        return
    assert read.files == FILES


def test_what_would_fill_the_memory_is_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("news/campaign.yaml", bytes(LARGEST + 1))

    assert len(packed.getvalue()) < LARGEST / 100
    with pytest.raises(BrokenBundleError, match="more than"):
        unpack("news", NEWS.version, packed.getvalue())


def test_words_do_not_change_the_version_of_the_steps() -> None:
    changed = Bundle("news", {**FILES, "news/hello.mjml": b"other"})

    assert changed.steps_version == NEWS.steps_version


def test_a_bundle_without_a_campaign_has_no_steps() -> None:
    with pytest.raises(BrokenBundleError, match=r"campaign\.yaml"):
        _ = Bundle("other", FILES).steps
