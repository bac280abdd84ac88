"""Pictures made into exhibits: upright, on white, of a sane size, and with nothing left of where or when."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock

from PIL import Image
from PIL.Image import open as read_picture

from letters.a4 import A4File, Drawing, slices
from letters.limits import limits

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = {
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_90,
}
"""Turns that swap width and height."""
_HIGH_BYTE = [value >> 8 for value in range(65536)]
_EXIF_ERRORS = (OSError, SyntaxError, ValueError, LookupError, TypeError, ArithmeticError)

_one_at_a_time = Lock()


class TooManyPixels(Exception):  # noqa: N818 - what was found, told on by `letters.exhibits`
    """A picture holds more than memory is kept for."""


@contextmanager
def _quietly() -> Iterator[None]:
    """Let Pillow's warning of a bomb be an error and its others pass; one picture in memory at a time."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def photo_pages(content: bytes, most: int) -> A4File | None:
    """Lay each image of a picture file on A4: all those of a TIFF, the first of any other.

    None when they are more than `most`. Raises TooManyPixels, and what Pillow raises for a file it
    cannot read.
    """
    laid = A4File()
    with _quietly():
        try:
            opened = read_picture(BytesIO(content), formats=FORMATS)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
            raise TooManyPixels from bomb
        with opened as image:
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            if count > most:
                return None
            for at in range(count):
                if at:
                    image.seek(at)
                upright = _upright(image)
                if len(laid) + slices(*upright.size) > most:
                    return None
                _lay(laid, upright)
    return laid


def _upright(image: Image.Image) -> Image.Image:
    """Give a frame as RGB or grey, brought to its size and turned as it was held."""
    width, height = image.size
    held = limits()["exhibit"]
    camera = image.format in {"JPEG", "MPO"}
    if camera and width * height > held["jpeg_pixels"]:
        raise TooManyPixels
    if not camera and width * height * _bytes_per_pixel(image) > held["picture_bytes"]:
        raise TooManyPixels
    turn = _UPRIGHT.get(_orientation(image))
    target = _target(width, height, tall=(height > width) is not (turn in _LYING))
    if camera:
        image.draft(None, target)  # unpacks at a half, a quarter or an eighth
    flat = _flat(image)
    if flat.size != target:
        flat = flat.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return flat.transpose(turn) if turn is not None else flat


def _bytes_per_pixel(image: Image.Image) -> int:
    """Count what `_flat` holds at once of each pixel: the picture as stored, and each form it is brought to."""
    bands = len(image.getbands())
    if image.mode.startswith("I"):
        return 4 + 4 + 1
    if image.has_transparency_data:
        return bands + 3 + 1 + (4 if image.mode != "RGBA" else 0)
    return bands if image.mode in {"RGB", "L"} else bands + 3


def _target(width: int, height: int, *, tall: bool) -> tuple[int, int]:
    """Give the size in pixels: as it is when small, else as sharp as paper shows."""
    photo = limits()["photo"]
    short, long = sorted((width, height))
    scale = min(1.0, photo["short_edge"] / short)
    if not tall or slices(short, long) == 1:
        scale = min(scale, photo["long_edge"] / long)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _EXIF_ERRORS:
        return 1  # damaged notes about a picture do not make the picture unreadable


def _flat(image: Image.Image) -> Image.Image:
    """Give the picture as RGB or grey, on white where it is transparent."""
    if image.mode.startswith("I"):
        return image.convert("I").point(_HIGH_BYTE, "L")
    if image.has_transparency_data:
        image.load()
        seen = image if image.mode == "RGBA" else image.convert("RGBA")
        paper = Image.new("RGB", seen.size, "white")
        paper.paste(seen, mask=seen.getchannel("A"))
        return paper
    if image.mode in {"RGB", "L"}:
        image.load()
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _lay(laid: A4File, image: Image.Image) -> None:
    photo = limits()["photo"]
    packed = BytesIO()
    image.info = {}
    image.save(packed, "JPEG", quality=photo["quality"], optimize=True)
    width, height = image.size
    ref = laid.file.put_stream(
        {
            "/Type": "/XObject",
            "/Subtype": "/Image",
            "/Width": width,
            "/Height": height,
            "/ColorSpace": "/DeviceGray" if image.mode == "L" else "/DeviceRGB",
            "/BitsPerComponent": 8,
            "/Filter": "/DCTDecode",
        },
        packed.getvalue(),
    )
    matrix = (float(width), 0.0, 0.0, float(height), 0.0, 0.0)
    laid.lay(Drawing(width, height, ((ref, matrix),), 72 / photo["least_dpi"]))
