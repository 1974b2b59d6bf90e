"""app/gui/inside/compare_tab.py: in the real window, with both networks that ship."""

import pytest

from app.page.drawing import Stroke
from app.store.networks import SHIPPED
from engine import Recognizer
from tests.digit_templates import digit_strokes

pytestmark = pytest.mark.usefixtures("window_of_its_own")


@pytest.fixture
def reader():
    return Recognizer.load(SHIPPED / "lenet5")


def opened_tab(window):
    window.menus.choose("inside")
    window.update()
    panel = window.inside.panel
    panel.notebook.select(panel.compare)
    window.update()
    return panel.compare


def test_another_network_reads_beside(window, monkeypatch, keep):
    keep("Mine")
    monkeypatch.setattr(window.inside, "_load_reader", Recognizer.load)
    window._controller.put_on_page([Stroke(tuple(stroke)) for stroke in digit_strokes(7)])
    tab = opened_tab(window)
    assert list(tab.choice["values"]) == ["Best", "Mine"]
    assert [str(name["text"]) for name in tab.names] == ["LeNet-5", "Best"]
    assert tab.bars[0].values == window.bars.values
    assert tab.bars[1].values[7] > 0.9
    tab.choice.current(1)
    tab.choice.event_generate("<<ComboboxSelected>>")
    window.update()
    assert str(tab.names[1]["text"]) == "Mine"
    assert "Mine reads" in str(tab.told["text"])


def test_a_long_name_stays_above_its_bars(window):
    window.geometry("640x480")
    tab = opened_tab(window)
    tab.show_bars(0, "The network with a name that is far too long for half a panel", (0.1,) * 10, None)
    window.update()
    assert tab.names[0].winfo_reqwidth() <= tab.bars[0].winfo_width()
