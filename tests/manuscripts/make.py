# ruff: noqa: INP001 - a script beside the files it makes
"""Make the sample manuscripts again: `python tests/manuscripts/make.py` (needs LibreOffice and pandoc).

The stories are our own. What comes out differs in bytes from run to run, but not in what the tests expect of it.
"""

import base64
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
LAMP_SIZE = (12, 8)

KEEPER_HTML = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>The Keeper of Small Lights</title></head><body>
<h1>The Keeper of Small Lights</h1>
<h2>Chapter One: Oil</h2>
<p>Maren lit the <em>smallest</em> lamp first. “It’s only fair,” she said; “<strong>nobody</strong>
else will.”</p>
<p>The harbour was <s>empty</s> asleep.<br>So was the sea.</p>
<p style="text-align: center">* * *</p>
<p>On the third step sat a stranger who greeted her in every tongue he had:</p>
<blockquote><p>Καλημέρα, μικρό φως.</p>
<p>「小さな灯りよ、こんばんは。」</p>
<p dir="rtl">مساء الخير أيها النور الصغير.</p></blockquote>
<p><img src="data:image/png;base64,LAMP" alt="A lamp no bigger than a thumb" width="48" height="32"></p>
<p>He wanted three things:</p>
<ul><li>a match,</li><li>a <em>dry</em> match,</li><li>the <a href="https://example.org/tides">tide table</a>.</li></ul>
<hr>
<p>“We close at dawn”,&nbsp;she said<sup><a class="sdfootnoteanc" name="sdfootnote1anc"
href="#sdfootnote1sym"><sup>1</sup></a></sup>.</p>
<div id="sdfootnote1"><p><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>The lights of
that coast are put out, not blown out.</p></div>
</body></html>
"""

ORCHARD_MARKDOWN = """---
title: The Orchard Ledger
---

## Chapter Seven

Ilse counted the trees *twice*. “Forty-one”, she told the ledger, and the ledger --- being honest --- wrote
**forty**.[^tree]

![The old ledger](lamp.png)

Somewhere between the rows a voice was ~~singing~~ humming:

> Άνθη της μηλιάς,
>
> 林檎の花が咲く。
>
> زهر التفاح.

* * *

1. She began again.
2. She began *again*.
    - By lantern, this time.

Roses lie\\
and ledgers don’t.

[^tree]: One of them was a pear, and *knew it*.
"""


def main() -> None:
    """Write both samples in each kind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Image.new("RGB", LAMP_SIZE, "gold").save(folder / "lamp.png")
        lamp = base64.b64encode((folder / "lamp.png").read_bytes()).decode()
        (folder / "keeper.html").write_text(KEEPER_HTML.replace("LAMP", lamp), encoding="utf-8")
        (folder / "orchard.md").write_text(ORCHARD_MARKDOWN, encoding="utf-8")
        _run(folder, "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
             "--infilter=HTML (StarWriter)", "--convert-to", "odt:writer8", "keeper.html")  # fmt: skip
        _run(folder, "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
             "--convert-to", "docx:MS Word 2007 XML", "keeper.odt")  # fmt: skip
        for kind in ("epub", "html:HTML (StarWriter)"):
            _run(folder, "soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
                 "--convert-to", kind, "keeper.odt")  # fmt: skip
        for kind in ("docx", "odt", "epub"):
            _run(folder, "pandoc", "orchard.md", "--output", f"orchard.{kind}")
        _run(folder, "pandoc", "--standalone", "--self-contained", "orchard.md", "--output", "orchard.html")
        for sample, maker in (("keeper", "libreoffice"), ("orchard", "pandoc")):
            for kind in ("docx", "odt", "epub", "html"):
                (HERE / f"{maker}.{kind}").write_bytes((folder / f"{sample}.{kind}").read_bytes())


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, timeout=120)  # noqa: S603 - our own commands


if __name__ == "__main__":
    main()
