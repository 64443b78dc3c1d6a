"""Where the files of a release go: a folder, or one ZIP file that has the same bytes each time."""

import hashlib
import zipfile
from contextlib import contextmanager

FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file can name
READABLE = 0o100644 << 16
UNIX = 3


class Counted:
    """A file being written, with its size and SHA-256."""

    def __init__(self, file):
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def write(self, data):
        self.file.write(data)
        self.size += len(data)
        self.digest.update(data)

    @property
    def sha256(self):
        return self.digest.hexdigest()


class Folder:
    def __init__(self, path):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def writing(self, name):
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            yield Counted(file)


class Archive:
    """Files stand in the order in which they are written, all of one moment."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path, "w")

    def __enter__(self):
        return self

    def __exit__(self, *trouble):
        self.zip.close()

    @contextmanager
    def writing(self, name):
        entry = zipfile.ZipInfo(name, FIRST_MOMENT)
        entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, READABLE, UNIX
        with self.zip.open(entry, "w", force_zip64=True) as file:
            yield Counted(file)
