#!/usr/bin/env python3
"""Seeds for the fuzz targets from the recorded cases: make_seeds.py <fixtures> <corpus> <out>.

Below <out> there is a folder per target, with the bodies that its reader gets in real life and what lies in
<corpus>/<target> (written by hand, and inputs that once broke something). Equal ones are there once.
"""
import gzip
import hashlib
import pathlib
import shutil
import sys

LARGEST = 40_000
PATTERNS = {
    "otlp": ["tempo_v1*.pb*", "tempo_v2*.pb*"],
    "otlp_json": ["tempo_v2*.json*", "jaeger_v3*.json*"],
    "jaeger": ["jaeger.*", "jaeger_adjusted.*"],
    "zipkin": ["zipkin*.json*"],
    "loki": ["loki*.json*"],
}
MARK = b"\n--LOKI--\n"


def read(path):
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def write(folder, data):
    folder.mkdir(parents=True, exist_ok=True)
    if len(data) <= LARGEST:
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def main(fixtures, corpus, out):
    shutil.rmtree(out, ignore_errors=True)
    for case in sorted(path.parent for path in fixtures.glob("*/meta.json")):
        for target, patterns in PATTERNS.items():
            for pattern in patterns:
                for path in case.glob(pattern):
                    write(out / target, read(path))
        spans = list(case.glob("tempo_v2.pb*"))
        records = list(case.glob("loki.json*"))
        if spans and records:
            write(out / "dialects", read(spans[0]) + MARK + read(records[0]))
    for path in sorted(corpus.glob("*/*")):
        folder = out / path.parent.name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / path.name)


if __name__ == "__main__":
    main(*(pathlib.Path(argument) for argument in sys.argv[1:4]))
