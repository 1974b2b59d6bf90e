"""Box: a rectangle of a layer's numbers, and how a window reaches back to what it reads.

Folded backwards through the layers, the box of one unit becomes its receptive field on the page.
"""

from dataclasses import dataclass

Shape = tuple[int, ...]  # of one example: (C, H, W) or (F,)


@dataclass(frozen=True)
class Box:
    """Rows top to bottom - 1 and columns left to right - 1, in every map.

    Features (F,) count as a column of F rows, one wide. A box without a row or a column is empty: what lies
    in a frame around an image reads nothing of it.
    """

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def of_unit(cls, unit: tuple[int, ...]) -> "Box":
        """The box of a single number, (channel, row, column) or (feature,)."""
        row, column = unit[1:] if len(unit) == 3 else (unit[0], 0)
        return cls(row, column, row + 1, column + 1)

    @classmethod
    def whole(cls, shape: Shape) -> "Box":
        """All of (C, H, W) maps or (F,) features."""
        return cls(0, 0, *(shape[1:] if len(shape) == 3 else (shape[0], 1)))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return self.top >= self.bottom or self.left >= self.right

    def under_windows(self, shape: Shape, kernel_size: int, stride: int, padding: int) -> "Box":
        """What the windows at these positions read of (C, H, W) maps, padding left out.

        The window at position i begins at i * stride - padding and is kernel_size long.
        """
        if self.is_empty:
            return self
        reach = kernel_size - padding
        return Box(
            self.top * stride - padding,
            self.left * stride - padding,
            (self.bottom - 1) * stride + reach,
            (self.right - 1) * stride + reach,
        ).within(shape)

    def within(self, shape: Shape) -> "Box":
        """The part that lies in (C, H, W) maps."""
        _, H, W = shape
        top, left = min(max(self.top, 0), H), min(max(self.left, 0), W)
        return Box(top, left, max(min(self.bottom, H), top), max(min(self.right, W), left))

    def of_flattened(self, shape: Shape) -> "Box":
        """Where the features of this box stood in (C, H, W) maps, before they were laid in a row."""
        if len(shape) != 3 or self.is_empty:
            return self
        _, H, W = shape
        first, last = self.top, self.bottom - 1
        if first // (H * W) != last // (H * W):  # of several maps
            return Box.whole(shape)
        (top, left), (bottom, right) = divmod(first % (H * W), W), divmod(last % (H * W), W)
        if top != bottom:
            left, right = 0, W - 1
        return Box(top, left, bottom + 1, right + 1)
