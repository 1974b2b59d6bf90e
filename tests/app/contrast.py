"""How far two colours lie apart, as WCAG 2 measures it."""


def luminance(colour):
    """Relative luminance of "#rrggbb", as WCAG 2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a, b):
    lighter, darker = sorted((luminance(str(a)), luminance(str(b))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
