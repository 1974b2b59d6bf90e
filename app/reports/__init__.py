"""How well a network reads, as a page and as figures; and all that is plotted."""
