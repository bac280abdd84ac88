"""How far a file nobody vouches for may go: sizes of `limits.yaml`, and the errors a damaged one ends in."""

from __future__ import annotations

import binascii
import struct
import zlib
from functools import cache
from typing import Any

from pypdf.errors import DependencyError, PyPdfError

from letters.words import HERE, read_yaml

UNREADABLE = (
    PyPdfError,
    DependencyError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    EOFError,
    OSError,
    SyntaxError,
    RuntimeError,
    RecursionError,
    MemoryError,
    struct.error,
    zlib.error,
    binascii.Error,
)
"""What pypdf and Pillow raise on damaged files: pypdf says that it may be other errors than its own,
and Pillow's readers let through what a wrong number does in Python."""


@cache
def limits() -> dict[str, dict[str, Any]]:
    """Give the sizes of `limits.yaml`, by part."""
    return read_yaml(HERE / "limits.yaml")


def reading_limits() -> dict[str, Any]:
    """Give what pypdf is held to, as arguments of `pypdf.apply_configuration`."""
    held = limits()["pdf"]
    most = held["stream_bytes"]
    return {
        "maximum_declared_stream_length": limits()["exhibit"]["bytes"],
        "array_based_stream_maximum_output_length": most,
        "zlib_maximum_output_length": most,
        "brotli_maximum_output_length": most,
        "lzw_maximum_output_length": most // 10,  # unpacked in Python, slowly
        "run_length_maximum_output_length": most // 10,
        "zlib_maximum_recovery_input_length": most // 10,
        "stream_filters_maximum_length": 4,
        "stream_decoding_work_maximum_length": 3 * most,
        "page_tree_maximum_entries": held["tree_entries"],
        "page_tree_maximum_depth": held["tree_depth"],
        "jbig2dec_binary": None,  # never a program of the machine
    }
