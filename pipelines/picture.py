"""The picture of the README: two charts of the page, drawn from the file of profile headline.

Here belongs putting them side by side. `make picture` draws it anew.
"""

from pathlib import Path

PICTURE = Path(__file__).parent.parent / ".github" / "corridor.svg"
SIZE = {"width": 340, "height": 240}
