"""Response ids as the proxy hands them out: its provider, deployment and the vendor's id, packed into one."""

from __future__ import annotations

import base64
import binascii

from tui.sim.faces.litellm import Served

_PREFIX = "resp_"


def packed(served: Served, id: str) -> str:
    """The id the client sees for a vendor's response id."""
    deployment = served.deployment
    plain = f"litellm:custom_llm_provider:{deployment.provider};model_id:{deployment.id};response_id:{id}"
    return _PREFIX + base64.urlsafe_b64encode(plain.encode()).decode()


def unpacked(id: str) -> str:
    """The vendor's id in one of ours; any other id is given back as it is."""
    try:
        plain = base64.urlsafe_b64decode(id.removeprefix(_PREFIX).encode("ascii")).decode()
    except (UnicodeError, binascii.Error):
        return id
    return plain.partition(";response_id:")[2] or id
