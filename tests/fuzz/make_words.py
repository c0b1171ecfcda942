#!/usr/bin/env python3
"""libFuzzer's dictionary: the short string literals of the rooms that read what comes from outside.

make_words.py <backend>: prints it.
"""
import pathlib
import re
import sys

ROOMS = ["genai", "policy", "settings", "stores"]
LITERAL = re.compile(r'"([A-Za-z0-9_.:@/<>|=\[\]{}-]{2,40})"')


def main(backend):
    words = set()
    for room in ROOMS:
        for path in (backend / room).rglob("*.cc"):
            for line in path.read_text().splitlines():
                if not line.startswith("#include"):
                    words.update(LITERAL.findall(line))
    print("\n".join(f'"{word}"' for word in sorted(words)))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
