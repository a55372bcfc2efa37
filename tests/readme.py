"""Print the fenced blocks of one language of a Markdown file, so that what the README shows is what is run."""

import re
import sys
from pathlib import Path


def blocks(markdown: str, language: str) -> list[str]:
    """The contents of the fenced blocks of this language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", markdown, flags=re.MULTILINE | re.DOTALL)


if __name__ == "__main__":
    print("\n".join(blocks(Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2])))
