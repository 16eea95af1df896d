"""A text as a QR code (ISO/IEC 18004), in an image that travels inside the page."""

import segno


def qr_image(text: str) -> str:
    """Return the `data:` URI of a PNG: black on white in any page, with the quiet zone that scanners need.

    A quarter of it may be spoilt and it is still read (error correction level Q).
    """
    image: str = segno.make(text, error="q", micro=False).png_data_uri(scale=8, border=4, dark="#000", light="#fff")
    return image
