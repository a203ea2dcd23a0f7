import io
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import bundle, manifest
from reports.bundle import BundleUnreadable, UnsafeName, pack, unpack
from tests.reports.test_manifest import FILES, label

LISTED = manifest.build(label(), FILES, None)


def zip_of(*entries: tuple[str, bytes]) -> bytes:
    written = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(written, "w") as archive:
        warnings.simplefilter("ignore")  # the same name twice is what we want to see refused
        for name, body in entries:
            archive.writestr(zipfile.ZipInfo(name), body)
    return written.getvalue()


def test_what_was_packed_comes_back():
    assert unpack(pack(FILES, LISTED)) == (FILES, LISTED)


def test_same_files_give_the_same_bytes_in_any_order():
    assert pack(FILES, LISTED) == pack(dict(reversed(FILES.items())), LISTED)


@given(st.data())
def test_no_flipped_byte_goes_unseen(data):
    packed = bytearray(pack(FILES, LISTED))
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    try:
        files, listed = unpack(bytes(packed))
    except BundleUnreadable:
        return
    same = (files, listed) == (FILES, LISTED)  # a byte of the ZIP's own book-keeping, no content
    assert same or manifest.verify(files, listed, None)


def test_a_damaged_file_is_named_not_the_whole_bundle():
    packed = bytearray(pack(FILES, LISTED))
    packed[packed.index(b"%PDF-1.7")] ^= 1
    files, listed = unpack(bytes(packed))
    assert manifest.verify(files, listed, None) == [manifest.Problem(manifest.Kind.CHANGED, "evidence.pdf")]


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/../../b", "C:\\a", "a\\b", "a//b", "./a", ""])
def test_a_name_that_could_escape_is_refused(name):
    with pytest.raises(UnsafeName):
        pack({name: b"x"}, LISTED)


def test_a_bundle_with_an_escaping_name_is_not_opened():
    with pytest.raises(UnsafeName):
        unpack(zip_of(("../a", b"x"), ("manifest.json", LISTED)))


@pytest.mark.parametrize(
    "body",
    [b"", b"no zip", zip_of(("a", b"x")), zip_of(("a", b"x"), ("a", b"y"), ("manifest.json", LISTED))],
    ids=["empty", "text", "no manifest", "name twice"],
)
def test_what_is_no_bundle_is_refused(body):
    with pytest.raises(BundleUnreadable):
        unpack(body)


def test_a_bundle_too_large_to_open_is_refused(monkeypatch):
    monkeypatch.setattr(bundle, "LARGEST", 10)
    with pytest.raises(BundleUnreadable):
        unpack(pack(FILES, LISTED))
