"""Two posts of one Page at the same minute: author and approver read it before anything goes out."""

from core.vocab import Channel, PostState
from tests.builders import make_post
from tests.web.site import Site, Visitor, words

NOTE = "Facebook อาจเห็นว่าโพสต์ถี่เกินไป"


def planned(site: Site, title: str) -> int:
    with site.rt.sessions.begin() as session:
        bodies = {Channel.FACEBOOK: f"{title} ลอยกระทง"}
        return make_post(session, site.team.officer, PostState.IN_REVIEW, title=title, bodies=bodies).id


def test_author_and_approver_read_which_post_is_too_close(site: Site, officer: Visitor, approver: Visitor):
    first = planned(site, "ปิดถนน")
    assert NOTE not in words(approver.get(f"/approvals/{first}"))
    second = planned(site, "เส้นทางเดินเรือ")
    page = words(approver.get(f"/approvals/{second}"))
    assert NOTE in page
    assert "(ปิดถนน)" in page
    assert "(เส้นทางเดินเรือ)" in words(officer.get(f"/posts/{first}"))
