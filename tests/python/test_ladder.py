"""The ladder that docs/recommendations.md shows is what the demo gives."""

from common import ROOT
from ladder import ladder


def test_the_page_shows_what_the_demo_gives(demo):
    printed = ladder(demo.database, [0, 1, 3, 50])
    page = (ROOT / "docs" / "recommendations.md").read_text()
    assert page.split("tools/ladder.py\n\n")[1].strip() == printed.strip()


def test_the_more_is_known_the_more_personal_is_the_list(demo):
    parts = ladder(demo.database, [0, 1, 3, 50]).split("**")[2::2]
    personal = [
        sum(part.count(f"| {name} |") for name in ("replenishment", "discovery", "complement"))
        + part.count("| buy_again |")
        for part in parts
    ]
    assert len(personal) == 5
    assert personal[0] == personal[4] == 0
    assert 0 < personal[1] <= personal[2] <= personal[3]
