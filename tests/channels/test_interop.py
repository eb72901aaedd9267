"""Our envelope against the platform's own library (@wecom/crypto under node), both ways, and the published vectors."""

from __future__ import annotations

import base64
import json
import random
import re
import string
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wecom.inbound import Callback

VECTORS: list[dict[str, str]] = json.loads((Path(__file__).parent / "vectors.json").read_text())
AWKWARD = ["hello", "收到此项任务，经处室负责人批示", "]]>", "<a>&amp;</a>", "😀" * 30, "x" * 1999, " \n\t "]
SCRIPT = """
const crypto = require("@wecom/crypto");
const jobs = JSON.parse(require("fs").readFileSync(0, "utf8"));
const seal = j => {
  const encrypt = crypto.encrypt(j.key, j.xml, j.corp);
  return {encrypt, signature: crypto.getSignature(j.token, j.timestamp, j.nonce, encrypt)};
};
const open = j => ({...crypto.decrypt(j.key, j.encrypt),
  signature: crypto.getSignature(j.token, j.timestamp, j.nonce, j.encrypt)});
process.stdout.write(JSON.stringify(jobs.map(j => j.encrypt ? open(j) : seal(j))));
"""


def node(folder: Path, jobs: list[dict[str, str]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["node", "-e", SCRIPT], input=json.dumps(jobs), capture_output=True, text=True, cwd=folder, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def accounts(count: int) -> list[dict[str, str]]:
    """Reproducible credentials and texts."""
    source = random.Random(13710)
    letters = string.ascii_letters + string.digits
    return [
        {
            "corp": "ww" + "".join(source.choices(letters, k=16)),
            "token": "".join(source.choices(letters, k=source.randint(3, 32))),
            "key": base64.b64encode(source.randbytes(32)).decode()[:43],
            "nonce": "".join(source.choices(letters, k=10)),
            "timestamp": str(1772413200 + number),
            "text": AWKWARD[number % len(AWKWARD)] + str(number),
        }
        for number in range(count)
    ]


def xml_of(text: str, corp: str) -> str:
    content = text.replace("]]>", "]]]]><![CDATA[>")
    return (
        f"<xml><ToUserName>{corp}</ToUserName><FromUserName>U1</FromUserName><CreateTime>1772413200</CreateTime>"
        f"<MsgType>text</MsgType><Content><![CDATA[{content}]]></Content><MsgId>1</MsgId></xml>"
    )


def test_we_open_what_the_official_library_seals(wecom_crypto: Path) -> None:
    jobs = [one | {"xml": xml_of(one["text"], one["corp"])} for one in accounts(140)]
    for job, sealed in zip(jobs, node(wecom_crypto, jobs), strict=True):
        callback = Callback(job["corp"], 1, job["token"], job["key"])
        at = datetime.fromtimestamp(int(job["timestamp"]), UTC)
        query = {"msg_signature": sealed["signature"], "timestamp": job["timestamp"], "nonce": job["nonce"]}
        body = f"<xml><Encrypt><![CDATA[{sealed['encrypt']}]]></Encrypt></xml>".encode()
        assert callback.open(query, body, at, at).text == job["text"]


def test_the_official_library_opens_what_we_seal(wecom_crypto: Path) -> None:
    jobs, expected = [], []
    for one in accounts(140):
        at = datetime.fromtimestamp(int(one["timestamp"]), UTC)
        xml = xml_of(one["text"], one["corp"])
        envelope = Callback(one["corp"], 1, one["token"], one["key"]).seal(xml, at)
        shape = (
            r"<xml><Encrypt><!\[CDATA\[(.+)\]\]></Encrypt><MsgSignature><!\[CDATA\[(.+)\]\]></MsgSignature>"
            r"<TimeStamp>(\d+)</TimeStamp><Nonce><!\[CDATA\[(.+)\]\]></Nonce></xml>"
        )
        match = re.fullmatch(shape, envelope)
        assert match, envelope
        jobs.append(one | {"encrypt": match[1], "timestamp": match[3], "nonce": match[4]})
        expected.append({"message": xml, "id": one["corp"], "signature": match[2], "timestamp": one["timestamp"]})
    for job, opened, wanted in zip(jobs, node(wecom_crypto, jobs), expected, strict=True):
        assert (opened["message"], opened["id"]) == (wanted["message"], wanted["id"])
        assert opened["signature"] == wanted["signature"]
        assert job["timestamp"] == wanted["timestamp"]


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{one['kind']}-{one['corp_id']}" for one in VECTORS])
def test_published_vectors(vector: dict[str, str]) -> None:
    callback = Callback(vector["corp_id"], vector["agent_id"], vector["token"], vector["aes_key"])
    query = {"msg_signature": vector["signature"], "timestamp": vector["timestamp"], "nonce": vector["nonce"]}
    if vector["kind"] == "verify":
        assert callback.verify_url(query | {"echostr": vector["encrypt"]}) == vector["plain"]
        return
    at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    body = f"<xml><AgentID>{vector['agent_id']}</AgentID><Encrypt>{vector['encrypt']}</Encrypt></xml>".encode()
    message = callback.open(query, body, at, at)
    for tag, value in (("Content", message.text), ("MsgId", message.key), ("FromUserName", message.user)):
        assert re.search(rf"<{tag}>(?:<!\[CDATA\[)?{re.escape(value)}(?:\]\]>)?</{tag}>", vector["plain"])
    assert message.at == at


def test_what_we_seal_for_a_vector_s_account_we_open_again(wecom_crypto: Path) -> None:
    for vector in VECTORS[1:]:
        callback = Callback(vector["corp_id"], vector["agent_id"], vector["token"], vector["aes_key"])
        at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
        envelope = callback.seal(vector["plain"], at)
        encrypt, signature, nonce = (
            re.search(rf"<{tag}><!\[CDATA\[(.+?)\]\]>", envelope)[1]  # type: ignore[index]
            for tag in ("Encrypt", "MsgSignature", "Nonce")
        )
        query = {"msg_signature": signature, "timestamp": vector["timestamp"], "nonce": nonce}
        assert callback.open(query, f"<xml><Encrypt>{encrypt}</Encrypt></xml>".encode(), at, at).kind == "text"
        job = {"key": vector["aes_key"], "encrypt": encrypt, "token": vector["token"]}
        job |= {"timestamp": vector["timestamp"], "nonce": nonce}
        assert node(wecom_crypto, [job])[0]["message"] == vector["plain"]
