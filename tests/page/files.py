"""Files to pick and drop, and a provider's API as the company calls it: the page shows whatever comes of that."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import requests
from playwright.sync_api import FilePayload, Locator

from infra.local.stack import MADE_UP
from tests.page.acting import Customer, until
from tests.page.conftest import Running

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='document.title = 1'/>"
MP4 = b"\0\0\0\x18ftypmp42"


def png(width: int = 64, height: int = 48) -> bytes:
    """A picture that every browser can draw."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x30\x80\xc0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def is_drawn(picture: Locator, width: int) -> None:
    """See that the browser has drawn a picture, and that it is the one of this width."""
    width_of = "(img) => img.decode().then(() => img.naturalWidth)"
    until(lambda: picture.evaluate(width_of), lambda seen: seen == width)


def some(name: str, kind: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def pick(place: Locator, *files: FilePayload) -> None:
    """Pick files where a button would ask for them."""
    place.locator("input[type=file]").first.set_input_files(list(files))


DROP = """(place, files) => {
  const transfer = new DataTransfer();
  for (const [name, type, data] of files) {
    transfer.items.add(new File([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))], name, { type }));
  }
  for (const kind of ["dragover", "drop"]) {
    place.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""


def drop(place: Locator, *files: FilePayload) -> None:
    """Drop files, as if they were dragged here from elsewhere."""
    place.evaluate(
        DROP, [[file["name"], file["mimeType"], base64.b64encode(file["buffer"]).decode()] for file in files]
    )


class Company:
    """What the company does through the providers' APIs, whatever our app makes of it."""

    def __init__(self, stack: Running, customer: Customer) -> None:
        self._port, self._digits = stack.port, customer.digits

    def telegram(self, method: str, files: Any = None, **given: Any) -> Any:
        url = f"http://127.0.0.1:{self._port + 4}/bot{MADE_UP['TELEGRAM_BOT_TOKEN']}/{method}"
        about = {"chat_id": int(self._digits[-9:]), **given}
        answer = requests.post(url, timeout=10, **({"data": about, "files": files} if files else {"json": about}))
        assert answer.json()["ok"], answer.text
        return answer.json()["result"]

    def whatsapp(self, **body: Any) -> str:
        url = f"http://127.0.0.1:{self._port + 3}/v26.0/106540352242922/messages"
        bearer = {"Authorization": f"Bearer {MADE_UP['WHATSAPP_ACCESS_TOKEN']}"}
        whole = {"messaging_product": "whatsapp", "to": self._digits, **body}
        answer = requests.post(url, json=whole, headers=bearer, timeout=10)
        assert answer.ok, answer.text
        return str(answer.json()["messages"][0]["id"])
