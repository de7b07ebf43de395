"""Images and files as OpenAI and xAI take them on both their endpoints, checked against their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from tui.sim.faces.openai_refusal import missing, refuse, unknown, wrong_type, wrong_value
from tui.sim.generations import generation_of
from tui.sim.media import Medium, data_url, pages_of, seen, type_of

_IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_XAI_TYPES = ("image/png", "image/jpeg")
_DETAILS = ("low", "high", "auto", "original")
_TEXT_TYPES = ("application/json", "application/xml", "application/yaml", "application/toml")
_MOST_IMAGES = 500
_MOST_BYTES = 50 * 1024 * 1024
_MOST_XAI_BYTES = 20 * 1024 * 1024
_AN_IMAGE = "an image MIME type (e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU=')"
_A_PDF = "an application/pdf MIME type (e.g. 'data:application/pdf;base64,SGVsbG8sIFdvcmxkIQ==')"


def media_of(parts: Any) -> Iterator[Medium]:
    """What the parts of a content show, in either endpoint's words; parts that passed the check only."""
    for part in parts if isinstance(parts, list) else ():
        word = part.get("type")
        if word in ("image_url", "input_image"):
            image = part["image_url"]
            declared, data = data_url(image["url"] if isinstance(image, dict) else image) or ("", None)
            if data is not None:
                yield seen("image", declared, data)
        elif word in ("file", "input_file"):
            file = part["file"] if word == "file" else part
            declared, data = data_url(file.get("file_data")) or ("", None)
            if data is not None:
                yield seen("document", declared, data, file.get("filename"))


class MediaCheck:
    """Holds the media of one request against the vendor's rules and counts them."""

    def __init__(self, model: str, vendor: str, *, texts: bool) -> None:
        """``texts``: this endpoint takes files of text, not PDFs alone."""
        generation = generation_of(model)
        self._vision = generation is None or generation.vision
        self._pdf = generation is None or generation.pdf
        self._vendor = vendor
        self._texts = texts
        self._images = 0
        self._bytes = 0

    def image(self, image: Any, path: str, param: str) -> None:
        """Refuse an image that is none, or that the model cannot see; ``image`` is its URL or holds it."""
        if not self._vision:
            self._unseen(param)
        url = image
        if isinstance(image, dict):
            for key in image:
                if key not in ("url", "detail"):
                    unknown(f"{path}.{key}")
            url = image.get("url")
            self.detail(image.get("detail"), f"{path}.detail")
            path = f"{path}.url"
        if not isinstance(url, str) or not url:
            missing(path)
        found = data_url(url)
        if found is None:
            self._remote(url, path)
        declared, data = found
        if not declared.startswith("image/"):
            _unfit(f"Invalid '{path}'.", _AN_IMAGE, f"unsupported MIME type '{declared}'", path)
        if data is None:
            _unfit(f"Invalid '{path}'.", _AN_IMAGE, "an invalid base64-encoded value", path)
        self._count(data)
        self._images += 1
        if self._images > _MOST_IMAGES:
            refuse(f"Too many images in request. Max is {_MOST_IMAGES}.", code="too_many_images")
        self._fits(data)

    def file(self, file: Any, path: str) -> None:
        """Refuse a file that is no PDF, or no text where texts are taken, or that the model cannot read."""
        if not isinstance(file, dict):
            wrong_type(path, "an object", file)
        if not self._pdf:
            refuse("Invalid content type. file is only supported by certain models.", param=path)
        if file.get("file_id"):
            refuse(f"No such File object: {file['file_id']}", param=f"{path}.file_id", status=404)
        if file.get("file_url"):
            self._remote(str(file["file_url"]), f"{path}.file_url")
        where = f"{path}.file_data"
        if not file.get("file_data"):
            missing(where)
        if not file.get("filename"):
            missing(f"{path}.filename")
        declared, data = data_url(file["file_data"]) or ("", None)
        said = f"Invalid file data: '{where}'."
        textual = declared.startswith("text/") or declared in _TEXT_TYPES
        if declared and declared != "application/pdf" and not (textual and self._texts):
            _unfit(said, _A_PDF, f"unsupported MIME type '{declared}'", where)
        if data is None:
            _unfit(said, _A_PDF, "an invalid base64-encoded value", where)
        self._count(data)
        if declared == "application/pdf" and (type_of(data) != declared or not pages_of(data)):
            refuse("Failed to process the file. The PDF is invalid or corrupted.", param=where)

    def detail(self, detail: Any, path: str) -> None:
        """Refuse a wish for detail that is no word for it."""
        if detail is not None and detail not in _DETAILS:
            wrong_value(detail, _DETAILS, path)

    def _unseen(self, param: str) -> NoReturn:
        if self._vendor == "deepseek":
            refuse(
                "Failed to deserialize the JSON body into the target type: messages[0]: unknown variant "
                "`image_url`, expected `text` at line 1 column 1"
            )
        refuse("Invalid content type. image_url is only supported by certain models.", param=param)

    def _remote(self, url: str, path: str) -> NoReturn:
        # Nothing here ever leaves this machine.
        refuse(f"Error while downloading {url}.", param=path, code="invalid_image_url")

    def _count(self, data: bytes) -> None:
        self._bytes += len(data)
        if self._bytes > _MOST_BYTES:
            refuse(
                f"Total file size in request exceeds the limit of {_MOST_BYTES // 1024 // 1024} MB.",
                code="request_too_large",
                status=413,
            )

    def _fits(self, data: bytes) -> None:
        found = type_of(data)
        if self._vendor == "xai":
            if found not in _XAI_TYPES or len(data) > _MOST_XAI_BYTES:
                refuse(
                    "Unsupported content-type encountered when downloading image. Supported content types: "
                    "[JPG/JPEG, PNG], at most 20 MiB.",
                    code="Client specified an invalid argument",
                )
        elif found not in _IMAGE_TYPES:
            refuse(
                "You uploaded an unsupported image. Please make sure your image has of one the following "
                "formats: ['png', 'jpeg', 'gif', 'webp'].",
                code="invalid_image_format",
            )
        elif seen("image", "", data).width is None:
            refuse(
                "The image data you provided does not represent a valid image. Please check your input and "
                "try again with one of the supported image formats: ['image/jpeg', 'image/png', "
                "'image/gif', 'image/webp'].",
                code="invalid_image",
            )


def _unfit(said: str, wanted: str, got: str, path: str) -> NoReturn:
    refuse(
        f"{said} Expected a base64-encoded data URL with {wanted}, but got {got}.",
        param=path,
        code="invalid_value",
    )
