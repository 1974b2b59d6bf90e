"""A bar of which a piece runs while nobody knows how much is done."""

from app.gui.widgets.progress_bar import ProgressBar
from tests.app.hand import wait_until


def test_while_no_share_is_known_a_piece_of_it_runs(root):
    bar = ProgressBar(root)
    bar.pack(fill="x")
    bar.show(0.0, is_unknown=True)
    seen = set()
    wait_until(root, lambda: seen.add(float(bar["value"])) or len(seen) > 3)
    bar.show(0.0, is_unknown=True)  # told again, it runs on
    assert float(bar["value"]) >= max(seen)
    bar.show(0.25)
    root.update()
    assert (float(bar["value"]), str(bar["mode"])) == (0.25, "determinate")


def test_it_stands_still_once_a_share_is_known(root):
    bar = ProgressBar(root)
    bar.show(0.0, is_unknown=True)
    bar.show(0.5)
    root.after(120, root.quit)
    root.mainloop()
    assert float(bar["value"]) == 0.5
