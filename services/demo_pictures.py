"""Three quiet pictures for the demo, drawn by code: nobody real in them, nobody's rights on them."""

import io
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1800, 1350
UNIT = 1.5  # pixels per unit of the drawings below, which are thought of as 1200 by 900
SHOWN = (1000, 750)  # drawn larger, then made smaller: smooth edges
Colour = tuple[int, int, int]

DUSK_TOP, DUSK_LOW = (38, 62, 94), (233, 178, 132)
NIGHT_TOP, NIGHT_LOW = (18, 33, 58), (58, 84, 118)
GRASS, TREE, TRUNK = (70, 104, 82), (44, 82, 68), (74, 62, 58)
LAMP, WATER, STONE = (255, 221, 158), (30, 58, 88), (118, 116, 128)


def picture(name: str) -> bytes:
    """Return the JPEG of a picture: `park`, `canal` or `river`."""
    drawn = DRAWN[name]()
    buffer = io.BytesIO()
    drawn.resize(SHOWN, Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def _park() -> Image.Image:
    """Draw a park at dusk: a small stage, trees, warm lamps above the grass."""
    image = _sky(DUSK_TOP, DUSK_LOW)
    draw = ImageDraw.Draw(image)
    _rectangle(draw, (0, 640, 1200, 900), GRASS)
    for left, top, size in ((60, 330, 230), (250, 400, 170), (900, 360, 220), (1060, 310, 240)):
        _rectangle(draw, (left + size * 0.46, top + size * 0.7, left + size * 0.54, 660), TRUNK)
        _circle(draw, (left, top, size), TREE)
        _circle(draw, (left - size * 0.25, top + size * 0.3, size * 0.75), TREE)
        _circle(draw, (left + size * 0.5, top + size * 0.3, size * 0.75), TREE)
    _rectangle(draw, (430, 600, 790, 680), STONE)
    _polygon(draw, ((400, 470), (610, 370), (820, 470)), (150, 98, 84))
    for post in (450, 755):
        _rectangle(draw, (post, 470, post + 14, 602), (196, 170, 150))
    lamps = [(x, 250 + abs(x - 600) * 0.12) for x in range(120, 1120, 110)]
    return _glowing(image, lamps, radius=11)


def _canal() -> Image.Image:
    """Draw a canal at night: an arched bridge, lanterns on both banks, their light on the water."""
    image = _sky(NIGHT_TOP, NIGHT_LOW)
    draw = ImageDraw.Draw(image)
    for index, left in enumerate(range(-20, 1200, 130)):
        top = 330 - (index * 53) % 120
        _rectangle(draw, (left, top, left + 110, 560), (34 + index * 2, 50 + index * 2, 78))
    _rectangle(draw, (0, 540, 1200, 900), WATER)
    _ring(draw, (330, 400, 870, 800), STONE)
    _rectangle(draw, (0, 600, 1200, 900), WATER)
    lamps = [(x, 505.0) for x in range(60, 340, 90)] + [(x, 505.0) for x in range(870, 1180, 90)]
    for x, _ in lamps:
        for step in range(9):
            wide = 26 - step * 2
            _rectangle(
                draw,
                (x - wide, 620 + step * 28, x + wide, 628 + step * 28),
                _mixed(LAMP, WATER, 0.25 + step * 0.08),
            )
    return _glowing(image, lamps, radius=14)


def _river() -> Image.Image:
    """Draw a wide river after sunset: a suspension bridge far off, small lights afloat."""
    image = _sky(NIGHT_TOP, DUSK_LOW)
    draw = ImageDraw.Draw(image)
    _rectangle(draw, (0, 520, 1200, 900), WATER)
    _rectangle(draw, (0, 496, 1200, 508), STONE)
    _rectangle(draw, (588, 250, 612, 522), STONE)
    for reach in range(80, 560, 80):
        for side in (-1, 1):
            _polygon(draw, ((600, 262), (600 + side * reach, 498), (604 + side * reach, 498)), STONE)
    afloat = [(120.0 + (index * 217) % 980, 600.0 + (index * 91) % 250) for index in range(14)]
    return _glowing(image, afloat, radius=9)


DRAWN: dict[str, Callable[[], Image.Image]] = {"park": _park, "canal": _canal, "river": _river}


def _sky(top: Colour, low: Colour) -> Image.Image:
    column = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        column.putpixel((0, y), _mixed(top, low, y / HEIGHT))
    return column.resize((WIDTH, HEIGHT))


def _glowing(image: Image.Image, lamps: Sequence[tuple[float, float]], radius: float) -> Image.Image:
    """Put lamps with a soft halo on a picture; the halo is blurred small, which is fast."""
    halo = Image.new("RGB", (300, 225))
    around = ImageDraw.Draw(halo)
    wide = radius * 0.9
    for x, y in lamps:
        around.ellipse((x / 4 - wide, y / 4 - wide, x / 4 + wide, y / 4 + wide), (104, 78, 34))
    halo = halo.filter(ImageFilter.GaussianBlur(radius * 0.7)).resize(image.size, Image.Resampling.BILINEAR)
    lit = ImageChops.add(image, halo)
    draw = ImageDraw.Draw(lit)
    for x, y in lamps:
        _circle(draw, (x - radius, y - radius, radius * 2), LAMP)
    return lit


def _mixed(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _circle(draw: ImageDraw.ImageDraw, box: tuple[float, float, float], colour: Colour) -> None:
    left, top, size = (value * UNIT for value in box)
    draw.ellipse((left, top, left + size, top + size), colour)


def _ring(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: Colour) -> None:
    left, top, right, low = (value * UNIT for value in box)
    draw.arc((left, top, right, low), 180, 360, colour, round(46 * UNIT))


def _rectangle(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: Colour) -> None:
    left, top, right, low = (value * UNIT for value in box)
    draw.rectangle((left, top, right, low), colour)


def _polygon(draw: ImageDraw.ImageDraw, points: tuple[tuple[float, float], ...], colour: Colour) -> None:
    draw.polygon([(x * UNIT, y * UNIT) for x, y in points], colour)
